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
    [InlineData("{\"version\":1,\n", "line 2: The JSON is malformed: ")]
    public void Decode_OfABadFile_SaysWhatWhereAndWhatToDo(string content, string message)
    {
        var exception = Assert.Throws<CorruptSnapshotException>(
            () => SnapshotFile.Decode("edge.json", Encoding.UTF8.GetBytes(content), checksumRequired: false));

        Assert.StartsWith(
            $"Routing file edge.json is no valid snapshot: {message}", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Continuity.", exception.Message, StringComparison.Ordinal);
    }
}
