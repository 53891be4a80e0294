using System.Security.Cryptography;
using System.Text;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Tests.Routing;

/// <summary>A routing file written by hand: what is wrong with it is said with field, line and where to look.</summary>
public sealed class SnapshotFileTests
{
    private const string Reference = "docs/routing.schema.json";

    [Theory]
    [InlineData(
        "{\"version\":1,\n\"services\":[{\"name\":\"a\",\"policy\":\"best\"}]}",
        "services[0].policy, line 2: The field does not take this value; " + Reference + " says what it takes.")]
    [InlineData("{\"version\":\"one\"}", "version, line 1: The field does not take this value; " + Reference)]
    [InlineData(
        "{\"version\":1,\n\"sitess\":[]}",
        "sitess, line 2: There is no such field here; " + Reference + " lists those there are.")]
    [InlineData("{\"version\":1}", "line 1: What must be there is missing: createdAt; " + Reference)]
    [InlineData("{\"version\":1,\n", "line 2: The JSON is malformed: ")]
    public void Decode_OfABadFile_SaysWhatWhereAndWhatToDo(string content, string message)
    {
        var exception = Assert.Throws<CorruptSnapshotException>(
            () => SnapshotFile.Decode("edge.json", Encoding.UTF8.GetBytes(content), checksumRequired: false));

        Assert.StartsWith(
            $"Routing file edge.json is no valid snapshot: {message}", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Continuity.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_OfWhatALaterProgramWrote_SkipsWhatItAdded()
    {
        var body = "{\"version\":7,\"createdAt\":\"2026-01-01T00:00:00Z\",\"added\":1}\n";
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

        var snapshot = SnapshotFile.Decode(
            "routing.json", Encoding.UTF8.GetBytes($"{body}// sha256:{checksum}\n"), checksumRequired: true);

        Assert.Equal(7, snapshot.Version);
    }

    [Fact]
    public void Decode_OfAFileThatNamesItsSchema_TakesIt()
    {
        var content = """{"$schema":"routing.schema.json","version":3,"createdAt":"2026-01-01T00:00:00Z"}"""u8;

        Assert.Equal(3, SnapshotFile.Decode("edge.json", content, checksumRequired: false).Version);
    }
}
