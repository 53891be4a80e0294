using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Continuity.ModelServer.Serving;

/// <summary>Writes server-sent events into a response; nothing leaves before it is flushed.</summary>
internal sealed class SseWriter : IDisposable
{
    private readonly HttpResponse _response;
    private readonly Utf8JsonWriter _json;

    public SseWriter(HttpResponse response)
    {
        _response = response;
        _json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions
        {
            Encoder = ModelJson.Wire.Options.Encoder,
            SkipValidation = true,
        });
    }

    public void Event<T>(T data, JsonTypeInfo<T> type)
    {
        Append("data: "u8);
        JsonSerializer.Serialize(_json, data, type);
        _json.Flush();
        _json.Reset();
        Append("\n\n"u8);
    }

    public void Done() => Append("data: [DONE]\n\n"u8);

    public void Dispose() => _json.Dispose();

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var writer = _response.BodyWriter;
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }
}
