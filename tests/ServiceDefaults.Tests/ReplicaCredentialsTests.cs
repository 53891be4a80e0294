using Continuity.ServiceDefaults.Credentials;
using Continuity.Testing;
using Microsoft.Extensions.Configuration;

namespace Continuity.ServiceDefaults.Tests;

public sealed class ReplicaCredentialsTests
{
    [Fact]
    public async Task Read_TakesSecretsAndFilesWithSecrets()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("key"), "from-a-file\n");

        var credentials = Read(("Credentials:far", "in-place"), ("Credentials:engines:File", folder.Combine("key")));

        Assert.Equal("Bearer in-place", credentials.HeaderFor("far"));
        Assert.Equal("Bearer from-a-file", credentials.HeaderFor("engines"));
        Assert.Null(credentials.HeaderFor("unknown"));
        Assert.Null(credentials.HeaderFor(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\r\nX-Injected: yes")]
    public void Read_OfASecretThatNoHeaderCarries_NamesTheSettingAndNotTheSecret(string secret)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Read(("Credentials:far", secret)));

        Assert.StartsWith("Credentials:far is empty or holds", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Injected", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAFileThatIsNotThere_NamesSettingAndPath()
    {
        var exception = Assert.Throws<InvalidOperationException>(
            () => Read(("Credentials:far:File", "/nowhere/key")));

        Assert.StartsWith(
            "Credentials:far:File, /nowhere/key, cannot be read", exception.Message, StringComparison.Ordinal);
    }

    private static ReplicaCredentials Read(params (string Name, string Value)[] settings) =>
        ReplicaCredentials.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value)))
            .Build());
}
