using System.Text;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Streaming;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Streaming;

/// <summary>With <c>holdWords</c>, a stream goes on elsewhere from a whole word.</summary>
public sealed class HeldWordTests
{
    [Theory]
    [InlineData(true, "A sea is", " deep.")]
    [InlineData(false, "A sea is de", "ep.")]
    public async Task Stream_CutWithinAWord_GoesOnFrom(bool holdWords, string begun, string rest)
    {
        await using var backend = new StubBackend(connection => WriteAsync(connection, rest));
        await using var other = new StubBackend(connection => WriteAsync(connection, rest));
        await using var gateway = await StartAsync(holdWords, backend, other);

        var stream = await ChatStream.ReadAsync(gateway, "hi");

        Assert.True(stream.IsWhole, stream.ErrorCode);
        Assert.Equal("A sea is deep.", stream.Text);
        var continued = Assert.Single(
            backend.Requests.Concat(other.Requests).Select(request => Begun(request.Body)).OfType<string>());
        Assert.Equal(begun, continued);
    }

    [Theory]
    [InlineData(" a", true)]
    [InlineData("\\n", true)]
    [InlineData(".", true)]
    [InlineData("漢", true)]
    [InlineData("\\u6f22", true)]
    [InlineData("a", false)]
    [InlineData("7", false)]
    [InlineData("é", false)]
    [InlineData("\\u00e9", false)]
    [InlineData("ж", false)]
    [InlineData("", false)]
    public void Text_BeginsAnew_UnlessItGoesOnWithAWord(string escaped, bool expected) =>
        Assert.Equal(expected, StreamText.BeginsAnew(Encoding.UTF8.GetBytes(escaped)));

    private static string? Begun(byte[] body)
    {
        using var request = JsonDocument.Parse(body);
        var last = request.RootElement.GetProperty("messages").EnumerateArray().Last();
        return last.GetProperty("role").GetString() == "assistant" ? last.GetProperty("content").GetString() : null;
    }

    // Whoever is asked first breaks off within "deep"; whoever is asked to go on gives the rest.
    private static async Task WriteAsync(StubConnection connection, string rest)
    {
        var goesOn = Begun(connection.Request.Body) is not null;
        await connection.BeginStreamAsync();
        await connection.EventAsync("""{"id":"s","choices":[{"index":0,"delta":{"role":"assistant"}}]}""");
        foreach (var piece in goesOn ? [rest] : (string[])["A", " s", "ea", " is", " de"])
        {
            await connection.EventAsync($$$"""{"id":"s","choices":[{"index":0,"delta":{"content":"{{{piece}}}"}}]}""");
        }

        if (goesOn)
        {
            await connection.EventAsync("""{"id":"s","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
            await connection.EventAsync("[DONE]");
        }

        await connection.EndStreamAsync();
    }

    private static Task<TestGateway> StartAsync(bool holdWords, params StubBackend[] backends)
    {
        var snapshot = TestGateway.Snapshot(backends);
        return TestGateway.StartAsync(snapshot with
        {
            Services = [snapshot.Services[0] with { Streams = new StreamSettings { HoldWords = holdWords } }],
        });
    }
}
