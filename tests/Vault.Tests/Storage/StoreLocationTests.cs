using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

public sealed class StoreLocationTests
{
    [Theory]
    [InlineData("/srv/vault", StoreKind.Local, null, null, null, "/srv/vault")]
    [InlineData("vault", StoreKind.Local, null, null, null, "vault")]
    [InlineData("./a:b", StoreKind.Local, null, null, null, "./a:b")]
    [InlineData("file:/srv/vault", StoreKind.Local, null, null, null, "/srv/vault")]
    [InlineData("file:///srv/vault", StoreKind.Local, null, null, null, "/srv/vault")]
    [InlineData("s3:https://s3.example.org/bucket/a/b", StoreKind.S3, "https://s3.example.org", null, "bucket", "a/b")]
    [InlineData("s3:http://127.0.0.1:9000/bucket", StoreKind.S3, "http://127.0.0.1:9000", null, "bucket", "")]
    [InlineData("azure:backups:/models/", StoreKind.Azure, null, null, "backups", "models")]
    [InlineData("azure:backups", StoreKind.Azure, null, null, "backups", "")]
    [InlineData("webhdfs:http://hdfs@nn:9870/vault/", StoreKind.WebHdfs, "http://nn:9870", "hdfs", null, "/vault")]
    [InlineData("sftp:me@host:/srv/vault", StoreKind.Sftp, "sftp://host:22", "me", null, "/srv/vault")]
    [InlineData("sftp:me@host:2222:/srv/vault", StoreKind.Sftp, "sftp://host:2222", "me", null, "/srv/vault")]
    [InlineData("sftp://me@[::1]:2222/srv", StoreKind.Sftp, "sftp://[::1]:2222", "me", null, "/srv")]
    public void Parse_KnownForm_IsReadAndRoundTrips(
        string text, StoreKind kind, string? endpoint, string? user, string? container, string path)
    {
        var location = StoreLocation.Parse(text);

        Assert.Equal(kind, location.Kind);
        Assert.Equal(endpoint, location.Endpoint?.OriginalString.TrimEnd('/'));
        Assert.Equal((user, container, path), (location.User, location.Container, location.Path));
        Assert.Equal(location, StoreLocation.Parse(location.ToString()));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData("ftp:host/path", "'ftp:' is not a kind of store")]
    [InlineData("file:", "names no folder")]
    [InlineData("s3:bucket/prefix", "no http or https address")]
    [InlineData("s3:https://host/", "names no bucket")]
    [InlineData("s3:https://key:secret@host/bucket", "must hold no keys")]
    [InlineData("s3:https://host/bucket/a/../b", null)]
    [InlineData("s3:https://host/bucket/ä", "the prefix 'ä'")]
    [InlineData("s3:https://host/bucket?x=1", "must have no '?'")]
    [InlineData("azure:/prefix", "names no container")]
    [InlineData("webhdfs:nn:9870/vault", "no http or https address")]
    [InlineData("webhdfs:http://nn:9870/", "names no folder")]
    [InlineData("webhdfs:http://u:p@nn:9870/vault", "must hold no password")]
    [InlineData("sftp:host:/path", "names no user")]
    [InlineData("sftp:me@host", "names no folder")]
    [InlineData("sftp:me:secret@host:/path", "must hold no password")]
    [InlineData("sftp:me@:/path", "names no host")]
    public void Parse_BadText_SaysWhatIsWrong(string text, string? expected)
    {
        if (expected is null)
        {
            // The address itself resolves dots before anything is asked.
            Assert.Equal("b", StoreLocation.Parse(text).Path);
            return;
        }

        var exception = Assert.Throws<FormatException>(() => StoreLocation.Parse(text));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }
}
