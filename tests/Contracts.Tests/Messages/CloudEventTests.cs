using System.Text.Json;
using Continuity.Contracts.Jobs;
using Continuity.Contracts.Messages;

namespace Continuity.Contracts.Tests.Messages;

public sealed class CloudEventTests
{
    private static readonly CloudEvent _event = new()
    {
        Id = Guid.Parse("0193e3a6-0000-7000-8000-000000000001"),
        Source = "/continuity/control-plane",
        Type = MessageTypes.JobQueued,
        Subject = "weights",
        Time = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero),
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        Data = JsonSerializer.SerializeToElement(
            new JobMessage
            {
                JobId = Guid.Parse("0193e3a6-0000-7000-8000-000000000002"),
                Kind = JobKind.Sync,
                ArtefactSet = "weights",
                State = JobState.Queued,
            },
            MessageJson.Default.JobMessage),
    };

    [Fact]
    public void Format_ThenParse_GivesTheSameMessage()
    {
        var parsed = CloudEvent.Parse(_event.Format());

        Assert.Equal(_event with { Data = parsed.Data }, parsed);
        Assert.True(JsonElement.DeepEquals(_event.Data, parsed.Data));
    }

    [Fact]
    public void Format_UsesTheNamesOfCloudEvents()
    {
        using var document = JsonDocument.Parse(_event.Format());

        Assert.Equal(
            ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "traceparent", "data"],
            document.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"specversion":"1.0","id":"1"}""")]
    [InlineData("""
        {"specversion":"2.0","id":"0193e3a6-0000-7000-8000-000000000001","source":"s","type":"t","subject":"x",
         "time":"2026-11-23T12:00:00Z","data":{}}
        """)]
    public void Parse_OfAnythingElse_Throws(string text) =>
        Assert.ThrowsAny<JsonException>(() => CloudEvent.Parse(System.Text.Encoding.UTF8.GetBytes(text)));
}
