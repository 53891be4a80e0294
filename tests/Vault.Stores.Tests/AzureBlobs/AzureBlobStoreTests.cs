using Azure.Storage.Blobs;
using Continuity.Vault.Storage;
using Continuity.Vault.Stores.AzureBlobs;
using Continuity.Vault.Stores.Tests.Servers;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Vault.Stores.Tests.AzureBlobs;

public sealed class AzureBlobStoreTests(AzuriteServer server) : BlobStoreContract, IClassFixture<AzuriteServer>
{
    private const int BlockBytes = 4 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetCapabilities_Azurite_DecidesConditions()
    {
        await using var store = await OpenEmptyAsync();

        var capabilities = await store.GetCapabilitiesAsync(Cancellation);

        Assert.Equal(new StoreCapabilities(true, false, StoreDurability.Power, StoreImmutability.None), capabilities);
    }

    [Fact]
    public async Task Put_ConnectionCutInTheMiddle_IsResumedByAnotherStoreWithTheMissingBlocks()
    {
        var container = await server.CreateContainerAsync();
        await using var proxy = new CuttingProxy(server.Port, cutAt: 18L << 20);
        var content = Bytes(1, 24 << 20);

        await using (var first = Open(container, proxy.Port))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(
                async () => await first.PutAsync("packs/a", content, PutCondition.IfAbsent, Cancellation));
            Assert.Null(await first.StatAsync("packs/a", Cancellation));
        }

        await using var second = Open(container, proxy.Port);
        await second.PutAsync("packs/a", content, PutCondition.IfAbsent, Cancellation);

        Assert.Equal(content, await second.GetWholeAsync("packs/a", content.Length, Cancellation));
        // Blocks that were under way when the connections broke are sent twice, those that had arrived are not.
        Assert.InRange(proxy.Sent, content.Length, content.Length + (5 * BlockBytes));
    }

    [Fact]
    public async Task PutIfAbsent_LargeExistingBlob_IsKept()
    {
        await using var store = await OpenEmptyAsync();
        await store.PutAsync("packs/a", Bytes(1, 9 << 20), PutCondition.IfAbsent, Cancellation);

        Assert.Equal(
            PutOutcome.AlreadyExists, await store.PutAsync(
                "packs/a", Bytes(2, 9 << 20), PutCondition.IfAbsent, Cancellation));
    }

    [Fact]
    public async Task Put_MissingContainer_SaysSo()
    {
        await using var store = Open("no-such-container", server.Port);

        var exception = await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.PutAsync("a", new byte[1], PutCondition.None, Cancellation));

        Assert.Contains("does not exist", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_WrongKey_IsDenied()
    {
        var container = await server.CreateContainerAsync();
        var wrong = AzuriteServer.ConnectionString(server.Port).Replace("Eby8", "Fby8", StringComparison.Ordinal);
        await using var store = new AzureBlobStore(
            new BlobContainerClient(wrong, container, NoRetries()), "", BlockBytes);

        await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.PutAsync("a", new byte[1], PutCondition.None, Cancellation));
    }

    protected override async ValueTask<IBlobStore> OpenEmptyAsync() =>
        Open(await server.CreateContainerAsync(), server.Port);

    private static AzureBlobStore Open(string container, int port) =>
        new(new BlobContainerClient(
            AzuriteServer.ConnectionString(port), container, NoRetries()), "models", BlockBytes);

    private static BlobClientOptions NoRetries()
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        return options;
    }
}
