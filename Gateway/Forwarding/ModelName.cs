using System.Text.Json;

namespace Continuity.Gateway.Forwarding;

/// <summary>Puts the model's name at a replica in the place of the service's.</summary>
internal static class ModelName
{
    /// <summary>The body (valid JSON) with another value of its top-level field "model".</summary>
    public static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> body, string name)
    {
        if (Find(body.Span) is not { } token)
        {
            return body;
        }

        byte[] named =
            [.. body.Span[..token.Start], .. JsonSerializer.SerializeToUtf8Bytes(name), .. body.Span[token.End..]];
        return named;
    }

    private static Range? Find(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestFacts.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.ValueTextEquals("model"u8);
            reader.Read();
            if (isModel)
            {
                return (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
            }

            reader.Skip();
        }

        return null;
    }
}
