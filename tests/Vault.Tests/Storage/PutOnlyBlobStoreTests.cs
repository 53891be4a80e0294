using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

public sealed class PutOnlyBlobStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutOnly_NewBlob_IsWrittenAndListedButNeverReadReplacedOrDeleted()
    {
        await using var store = new PutOnlyBlobStore(new MemoryBlobStore(TimeProvider.System));

        await store.PutAsync("a", new byte[3], PutCondition.IfAbsent, Cancellation);

        Assert.True((await store.GetCapabilitiesAsync(Cancellation)).PutOnly);
        Assert.Equal(3, (await store.StatAsync("a", Cancellation))?.Length);
        await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.PutAsync("a", new byte[3], PutCondition.None, Cancellation));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.GetAsync("a", 0, new byte[3], Cancellation));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(async () => await store.DeleteAsync("a", Cancellation));
    }
}
