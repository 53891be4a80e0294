using Amazon.Runtime;
using Continuity.Vault.Storage;
using Continuity.Vault.Stores.S3;
using Continuity.Vault.Stores.Tests.Servers;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Vault.Stores.Tests.S3;

public sealed class S3BlobStoreTests(SwiftServer server) : BlobStoreContract, IClassFixture<SwiftServer>
{
    private const int PartBytes = 5 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetCapabilities_Swift_DecidesNoConditionsAndLocksNothing()
    {
        await using var store = await OpenEmptyAsync();

        var capabilities = await store.GetCapabilitiesAsync(Cancellation);

        Assert.Equal(new StoreCapabilities(false, false, StoreDurability.Power, StoreImmutability.None), capabilities);
        Assert.Empty(await store.ListAsync(string.Empty, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Put_ConnectionCutInTheMiddle_IsResumedWithTheMissingParts()
    {
        var bucket = await server.CreateBucketAsync();
        await using var proxy = new CuttingProxy(server.Port, cutAt: 17L << 20);
        var settings = Settings(bucket) with { Endpoint = new Uri($"http://127.0.0.1:{proxy.Port}"), Parallelism = 1 };
        await using var store = Retrying(new S3BlobStore(settings, server.Credentials, TimeProvider.System));
        var content = Bytes(1, 25 << 20);

        await store.PutAsync("packs/a", content, PutCondition.None, Cancellation);

        Assert.Equal(content, await store.GetWholeAsync("packs/a", content.Length, Cancellation));
        Assert.Equal(1, proxy.Cuts);
        // Three of five parts had arrived; only the one that was cut is sent twice.
        Assert.InRange(proxy.Sent, content.Length, content.Length + (2 * PartBytes));
    }

    [Fact]
    public async Task Put_WrongSecret_IsDenied()
    {
        var credentials = new BasicAWSCredentials("test:tester", "wrong");
        await using var store = new S3BlobStore(
            Settings(await server.CreateBucketAsync()), credentials, TimeProvider.System);

        await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.PutAsync("a", new byte[1], PutCondition.None, Cancellation));
    }

    [Fact]
    public async Task Put_MissingBucket_SaysSo()
    {
        await using var store = new S3BlobStore(Settings("no-such-bucket"), server.Credentials, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<StoreAccessDeniedException>(
            async () => await store.PutAsync("a", new byte[1], PutCondition.None, Cancellation));

        Assert.Contains("does not exist", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_NobodyListens_IsUnavailable()
    {
        await using var proxy = new CuttingProxy(target: 1, cutAt: 0);
        var settings = Settings("bucket") with { Endpoint = new Uri($"http://127.0.0.1:{proxy.Port}") };
        await using var store = new S3BlobStore(settings, server.Credentials, TimeProvider.System);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.StatAsync("a", Cancellation));
    }

    [Fact]
    public async Task RemoveAbandoned_UnfinishedUpload_IsRemoved()
    {
        var bucket = await server.CreateBucketAsync();
        using var client = new Amazon.S3.AmazonS3Client(server.Credentials, new Amazon.S3.AmazonS3Config
        {
            ServiceURL = server.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true,
        });
        await client.InitiateMultipartUploadAsync(bucket, "models/packs/a", Cancellation);
        await using var store = new S3BlobStore(Settings(bucket), server.Credentials, TimeProvider.System);

        Assert.Equal(0, await store.RemoveAbandonedAsync(TimeSpan.FromHours(1), Cancellation));
        Assert.Equal(1, await store.RemoveAbandonedAsync(TimeSpan.FromSeconds(-5), Cancellation));
        Assert.Equal(0, await store.RemoveAbandonedAsync(TimeSpan.FromSeconds(-5), Cancellation));
    }

    protected override async ValueTask<IBlobStore> OpenEmptyAsync() =>
        new S3BlobStore(Settings(await server.CreateBucketAsync()), server.Credentials, TimeProvider.System);

    private S3StoreSettings Settings(string bucket) =>
        new() { Endpoint = server.Endpoint, Bucket = bucket, Prefix = "models", PartBytes = PartBytes };

    private static RetryingBlobStore Retrying(IBlobStore store) =>
        new(store, new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(10) }, TimeProvider.System, new Random(1));
}
