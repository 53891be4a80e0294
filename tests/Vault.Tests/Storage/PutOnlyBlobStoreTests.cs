using Continuity.Vault.Backup;
using Continuity.Vault.Crypto;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;
using Continuity.Vault.Restore;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;

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
            async () => await store.PutAsync("a", new byte[4], PutCondition.None, Cancellation));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.GetAsync("a", 0, new byte[3], Cancellation));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(async () => await store.DeleteAsync("a", Cancellation));
    }

    [Fact]
    public async Task PutOnly_WithAWritersKey_TakesBackupsThatOnlyTheFullKeyReads()
    {
        using var test = await TestRepository.CreateAsync();
        new RandomTree(14).MakeIn(test.Source);
        using var secret = KeySecret.FromKeyFile("a writer's key file of 32 bytes or more"u8);
        await test.Repository.AddKeyAsync(KeyKind.Writer, "worker", secret, Cancellation);
        await using var store = new PutOnlyBlobStore(test.Store);

        var writer = await Repository.OpenAsync(store, secret, TimeProvider.System, Cancellation);
        var first = await BackupOperation.RunAsync(
            writer, new BackupOptions { Roots = [test.Source] }, null, Cancellation);
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => RestoreOperation.RunAsync(
            writer, "latest", new RestoreOptions { Target = test.Target }, null, Cancellation));
        await Assert.ThrowsAnyAsync<IOException>(
            () => PruneOperation.RunAsync(writer, new PruneOptions(), Cancellation));
        await test.RestoreAsync(first.Snapshot.ToString());

        Assert.Equal(TreeImage.Of(test.Source), TreeImage.Of(test.Target));
    }
}
