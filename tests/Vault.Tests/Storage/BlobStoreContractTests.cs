using System.Text;
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

/// <summary>What is put, replaced and deleted over another store, which stays as it is.</summary>
public sealed class OverlayBlobStoreContractTests : BlobStoreContract
{
    private readonly MemoryBlobStore _below = new(TimeProvider.System);

    [Fact]
    public async Task ChangesAbove_AreSeen_AndNothingChangesBelow()
    {
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var name in (string[])["a/kept", "a/replaced", "a/deleted", "a/again"])
        {
            await _below.PutAsync(name, "below"u8.ToArray(), PutCondition.None, cancellation);
        }

        await using var store = await OpenEmptyAsync();
        var refused = await store.PutAsync("a/kept", "above"u8.ToArray(), PutCondition.IfAbsent, cancellation);
        await store.PutAsync("a/replaced", "above"u8.ToArray(), PutCondition.None, cancellation);
        await store.DeleteAsync("a/deleted", cancellation);
        await store.DeleteAsync("a/again", cancellation);
        var taken = await store.PutAsync("a/again", "above"u8.ToArray(), PutCondition.IfAbsent, cancellation);

        Assert.Equal((PutOutcome.AlreadyExists, PutOutcome.Written), (refused, taken));
        Assert.Equal(["a/again above", "a/kept below", "a/replaced above"], await ReadAllAsync(store));
        Assert.Equal(
            ["a/again below", "a/deleted below", "a/kept below", "a/replaced below"], await ReadAllAsync(_below));
        Assert.Null(await store.StatAsync("a/deleted", cancellation));
        await Assert.ThrowsAsync<BlobNotFoundException>(
            async () => await store.GetAsync("a/deleted", 0, new byte[1], cancellation));
    }

    protected override ValueTask<IBlobStore> OpenEmptyAsync() => ValueTask.FromResult<IBlobStore>(
        new OverlayBlobStore(_below, new MemoryBlobStore(TimeProvider.System)));

    private static async Task<List<string>> ReadAllAsync(IBlobStore store)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var all = new List<string>();
        await foreach (var blob in store.ListAsync("a/", cancellation))
        {
            var content = await store.GetWholeAsync(blob.Name, 100, cancellation);
            all.Add($"{blob.Name} {Encoding.UTF8.GetString(content)}");
        }

        all.Sort(StringComparer.Ordinal);
        return all;
    }
}
