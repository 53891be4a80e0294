using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.Tests;

public sealed class BlobStoreOpenerTests
{
    private readonly Dictionary<string, string> _environment = [];

    [Theory]
    [InlineData("/srv/vault", "/srv/vault")]
    [InlineData("webhdfs:http://hdfs@nn:9870/vault", "webhdfs:http://nn:9870/vault")]
    [InlineData("sftp:me@host:/srv/vault", "sftp://me@host:22/srv/vault")]
    public async Task Open_LocationWithoutSecrets_IsDescribed(string location, string description)
    {
        await using var store = Open(location);

        Assert.Equal(description, store.Description);
    }

    [Theory]
    [InlineData("s3:https://host/bucket", "AWS_ACCESS_KEY_ID")]
    [InlineData("azure:container:/", "AZURE_ACCOUNT_NAME")]
    public void Open_MissingVariable_NamesIt(string location, string variable)
    {
        var exception = Assert.Throws<StoreAccessDeniedException>(() => Open(location));

        Assert.Contains(variable, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SecretsInTheEnvironment_AreNotInTheDescription()
    {
        _environment["AWS_ACCESS_KEY_ID"] = "id";
        _environment["AWS_SECRET_ACCESS_KEY"] = "hidden";
        _environment["AZURE_ACCOUNT_NAME"] = "account";
        _environment["AZURE_ACCOUNT_SAS"] = "?sv=2024-01-01&sig=hidden";

        await using var s3 = Open("s3:https://host/bucket/prefix");
        await using var azure = Open("azure:container:/prefix");

        Assert.Equal("s3:https://host/bucket/prefix", s3.Description);
        Assert.Equal("azure:container:/prefix at account", azure.Description);
    }

    private IBlobStore Open(string location) =>
        new BlobStoreOpener(_environment.GetValueOrDefault, TimeProvider.System).Open(StoreLocation.Parse(location));
}
