using System.Text.Json;

namespace Continuity.Gateway.Forwarding;

/// <summary>Reads how many tokens an answer says were used.</summary>
internal static class UsageReader
{
    /// <summary>The total of the answer's <c>usage</c>; 0 when it has none.</summary>
    public static long Total(ReadOnlySpan<byte> json)
    {
        // The field stands at the end as a rule; searching beats parsing the whole text before it.
        var at = json.LastIndexOf("\"usage\""u8);
        if (at < 0)
        {
            return 0;
        }

        var rest = json[(at + "\"usage\""u8.Length)..].TrimStart(" \r\n\t:"u8);
        try
        {
            var reader = new Utf8JsonReader(rest, isFinalBlock: false, default);
            return ReadObject(ref reader);
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static long ReadObject(ref Utf8JsonReader reader)
    {
        long parts = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return 0;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTotal = reader.ValueTextEquals("total_tokens"u8);
            var isPart = reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("completion_tokens"u8)
                || reader.ValueTextEquals("input_tokens"u8) || reader.ValueTextEquals("output_tokens"u8);
            if (!reader.Read())
            {
                break;
            }

            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count))
            {
                if (isTotal)
                {
                    return count;
                }

                parts += isPart ? count : 0;
            }

            if (!reader.TrySkip())
            {
                break;
            }
        }

        return parts;
    }
}
