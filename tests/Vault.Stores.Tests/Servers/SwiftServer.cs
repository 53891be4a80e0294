using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;

namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>OpenStack Swift with its S3 API: signatures, multipart uploads and ranges of an implementation that others
/// run.</summary>
public sealed partial class SwiftServer : StoreServer
{
    public Uri Endpoint => new($"http://127.0.0.1:{Port}");

    public AWSCredentials Credentials { get; } = new BasicAWSCredentials("test:tester", "testing");

    /// <summary>Creates an empty bucket.</summary>
    public async Task<string> CreateBucketAsync()
    {
        using var client = new AmazonS3Client(
            Credentials,
            new AmazonS3Config { ServiceURL = Endpoint.ToString(
                ), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        var bucket = $"bucket-{Guid.NewGuid():N}";
        await client.PutBucketAsync(bucket);
        return bucket;
    }

    private protected override Task<ServerProcess> StartAsync(string programs)
    {
        var debian = Path.Combine(programs, "debian");
        return ServerProcess.StartAsync(
            "python3",
            [Path.Combine(TestStores.Repository, "eng", "test-stores", "serve_swift.py"), Data],
            new Dictionary<string, string>
            {
                ["PYTHONPATH"] = Path.Combine(debian, "usr/lib/python3/dist-packages"),
                ["LD_LIBRARY_PATH"] = DebianLibraries.Of(debian),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            },
            Listening());
    }

    [GeneratedRegex(@"listening on port (\d+)")]
    private static partial Regex Listening();
}
