using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Storage;

public sealed class LocalBlobStoreContractTests : BlobStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override ValueTask<IBlobStore> OpenEmptyAsync() =>
        ValueTask.FromResult<IBlobStore>(new LocalBlobStore(_folder.Combine("repository"), null, TimeProvider.System));

    protected override ValueTask CleanUpAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class MemoryBlobStoreContractTests : BlobStoreContract
{
    protected override ValueTask<IBlobStore> OpenEmptyAsync() =>
        ValueTask.FromResult<IBlobStore>(new MemoryBlobStore(TimeProvider.System));
}

public sealed class FaultyBlobStoreContractTests : BlobStoreContract
{
    protected override ValueTask<IBlobStore> OpenEmptyAsync() =>
        ValueTask.FromResult<IBlobStore>(
            new FaultyBlobStore(new MemoryBlobStore(TimeProvider.System), FaultPlan.Nothing));
}
