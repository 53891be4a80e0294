using System.Net;
using Continuity.Vault.Storage;
using Continuity.Vault.Stores.WebHdfs;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Vault.Stores.Tests.WebHdfs;

public sealed class WebHdfsBlobStoreTests : BlobStoreContract
{
    private WebHdfsDouble? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WebHdfsDouble Server => _server ?? throw new InvalidOperationException("OpenEmptyAsync starts the server.");

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "StandbyException", typeof(StoreUnavailableException))]
    [InlineData(HttpStatusCode.Forbidden, "SafeModeException", typeof(StoreUnavailableException))]
    [InlineData(HttpStatusCode.InternalServerError, "RuntimeException", typeof(StoreUnavailableException))]
    [InlineData(HttpStatusCode.Forbidden, "AccessControlException", typeof(StoreAccessDeniedException))]
    [InlineData(HttpStatusCode.Unauthorized, "SecurityException", typeof(StoreAccessDeniedException))]
    [InlineData(HttpStatusCode.Forbidden, "DSQuotaExceededException", typeof(StoreFullException))]
    public async Task Put_RemoteException_IsNamed(HttpStatusCode status, string exception, Type expected)
    {
        await using var store = OpenSecond();
        Server.NextFailure = (status, exception);

        var thrown = await Assert.ThrowsAnyAsync<StoreException>(
            async () => await store.PutAsync("a", new byte[1], PutCondition.None, Cancellation));

        Assert.IsType(expected, thrown);
        Assert.Contains("as the test asked for", thrown.Message, StringComparison.Ordinal);
        Assert.Null(await store.StatAsync("a", Cancellation));
    }

    [Fact]
    public async Task RemoveAbandoned_TemporaryFile_IsRemovedAndNeverListed()
    {
        await using var store = OpenSecond();
        Server.Add("/srv/vault/packs/.put-0123", new byte[10]);
        await store.PutAsync("packs/a", new byte[1], PutCondition.None, Cancellation);

        Assert.Equal(
            ["packs/a"], await store.ListAsync("", Cancellation).Select(blob => blob.Name).ToListAsync(Cancellation));
        Assert.Equal(1, await store.RemoveAbandonedAsync(TimeSpan.FromSeconds(-1), Cancellation));
        Assert.Equal(0, await store.RemoveAbandonedAsync(TimeSpan.FromSeconds(-1), Cancellation));
    }

    [Fact]
    public async Task AnyCall_WithUser_NamesIt()
    {
        await using var store = OpenSecond();

        await store.StatAsync("a", Cancellation);

        Assert.Equal(["backup"], Server.Users);
    }

    protected override async ValueTask<IBlobStore> OpenEmptyAsync()
    {
        _server = await WebHdfsDouble.StartAsync();
        return OpenSecond();
    }

    protected override ValueTask CleanUpAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebHdfsBlobStore OpenSecond() =>
        new(
            new WebHdfsStoreSettings { Endpoint = Server.Endpoint, Folder = "/srv/vault", User = "backup" },
            TimeProvider.System);
}
