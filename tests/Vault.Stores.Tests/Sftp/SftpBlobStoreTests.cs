using Continuity.Vault.Storage;
using Continuity.Vault.Stores.Sftp;
using Continuity.Vault.Stores.Tests.Servers;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Vault.Stores.Tests.Sftp;

public sealed class SftpBlobStoreTests(SshServer server) : BlobStoreContract, IClassFixture<SshServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_ConnectionCutInTheMiddle_IsTriedAgainOverANewOne()
    {
        await using var proxy = new CuttingProxy(server.Port, cutAt: 3 << 20);
        var settings = server.CreateSettings(proxy.Port);
        await using var store = new RetryingBlobStore(
            new SftpBlobStore(settings, TimeProvider.System),
            new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(10) },
            TimeProvider.System,
            new Random(1));
        var content = Bytes(1, 8 << 20);

        await store.PutAsync("packs/a", content, PutCondition.IfAbsent, Cancellation);

        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(content, await store.GetWholeAsync("packs/a", content.Length, Cancellation));
        Assert.Equal(1, await store.RemoveAbandonedAsync(TimeSpan.FromSeconds(-5), Cancellation));
        Assert.Equal(content.Length, (await store.StatAsync("packs/a", Cancellation))?.Length);
    }

    [Fact]
    public async Task AnyCall_UnknownHostKey_IsRefusedBeforeLoggingIn()
    {
        var settings = server.CreateSettings(server.Port);
        var other = Path.GetTempFileName();
        var known = await File.ReadAllTextAsync(settings.KnownHostsFile, Cancellation);
        await File.WriteAllTextAsync(other, known.Replace("AAAAI", "AAAAJ", StringComparison.Ordinal), Cancellation);
        await using var store = new SftpBlobStore(settings with { KnownHostsFile = other }, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.StatAsync("a", Cancellation));

        Assert.Contains("is not in", exception.Message, StringComparison.Ordinal);
        File.Delete(other);
    }

    [Fact]
    public async Task AnyCall_NoKnownHostsFile_IsRefused()
    {
        var settings = server.CreateSettings(server.Port) with { KnownHostsFile = "/nonexistent/known_hosts" };
        await using var store = new SftpBlobStore(settings, TimeProvider.System);

        await Assert.ThrowsAsync<StoreAccessDeniedException>(async () => await store.StatAsync("a", Cancellation));
    }

    [Fact]
    public async Task AnyCall_MissingKeyFile_NamesIt()
    {
        var settings = server.CreateSettings(server.Port) with { KeyFiles = ["/nonexistent/id_ed25519"] };
        await using var store = new SftpBlobStore(settings, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.StatAsync("a", Cancellation));

        Assert.Contains("/nonexistent/id_ed25519", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_FolderWithoutPermission_IsDenied()
    {
        var settings = server.CreateSettings(server.Port) with { Folder = "/proc/vault" };
        await using var store = new SftpBlobStore(settings, TimeProvider.System);

        await Assert.ThrowsAnyAsync<StoreException>(
            async () => await store.PutAsync("a", new byte[1], PutCondition.None, Cancellation));
    }

    protected override ValueTask<IBlobStore> OpenEmptyAsync() =>
        ValueTask.FromResult<IBlobStore>(new SftpBlobStore(server.CreateSettings(server.Port), TimeProvider.System));
}
