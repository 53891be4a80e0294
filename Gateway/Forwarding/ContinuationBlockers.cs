using System.Text.Json;

namespace Continuity.Gateway.Forwarding;

/// <summary>Fields of a request that make its stream one that no other replica can go on with.</summary>
internal static class ContinuationBlockers
{
    public static Blocker Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name.SequenceEqual("n"u8) ? Blocker.AboveOne : Blocker.None,
        4 => name.SequenceEqual("echo"u8) ? Blocker.True : Blocker.None,
        6 => name.SequenceEqual("suffix"u8) ? Blocker.Present : Blocker.None,
        7 => name.SequenceEqual("best_of"u8) ? Blocker.AboveOne
            : name.SequenceEqual("grammar"u8) ? Blocker.Present : Blocker.None,
        8 => name.SequenceEqual("logprobs"u8) ? Blocker.TrueOrNumber : Blocker.None,
        10 => name.SequenceEqual("modalities"u8) ? Blocker.SeveralValues : Blocker.None,
        11 => name.SequenceEqual("tool_choice"u8) ? Blocker.ForcedTool
            : name.SequenceEqual("guided_json"u8)
                || name.SequenceEqual("json_schema"u8) ? Blocker.Present : Blocker.None,
        12 => name.SequenceEqual("guided_regex"u8)
            || name.SequenceEqual("top_logprobs"u8) ? Blocker.Present : Blocker.None,
        13 => name.SequenceEqual("guided_choice"u8) ? Blocker.Present : Blocker.None,
        14 => name.SequenceEqual("guided_grammar"u8) ? Blocker.Present : Blocker.None,
        15 => name.SequenceEqual("response_format"u8) ? Blocker.Format
            : name.SequenceEqual("prompt_logprobs"u8) || name.SequenceEqual("use_beam_search"u8) ? Blocker.TrueOrNumber
            : Blocker.None,
        18 => name.SequenceEqual("structured_outputs"u8) ? Blocker.Present : Blocker.None,
        _ => Blocker.None,
    };

    /// <summary>Whether the field's value, on which the reader stands, really asks for it.</summary>
    public static bool Blocks(Blocker blocker, Utf8JsonReader value) => blocker switch
    {
        Blocker.None => false,
        Blocker.Present => value.TokenType != JsonTokenType.Null,
        Blocker.True => value.TokenType == JsonTokenType.True,
        Blocker.TrueOrNumber => value.TokenType is JsonTokenType.True or JsonTokenType.Number,
        Blocker.AboveOne => value.TokenType == JsonTokenType.Number && (!value.TryGetInt32(out var count) || count > 1),
        Blocker.ForcedTool => value.TokenType == JsonTokenType.StartObject
            || (value.TokenType == JsonTokenType.String
                && !value.ValueTextEquals("auto"u8) && !value.ValueTextEquals("none"u8)),
        Blocker.SeveralValues => value.TokenType == JsonTokenType.StartArray && !IsTextAlone(value),
        _ => value.TokenType == JsonTokenType.StartObject && !IsTextFormat(value),
    };

    private static bool IsTextAlone(Utf8JsonReader array)
    {
        array.Read();
        return array.TokenType == JsonTokenType.EndArray
            || (array.TokenType == JsonTokenType.String && array.ValueTextEquals("text"u8)
                && array.Read() && array.TokenType == JsonTokenType.EndArray);
    }

    private static bool IsTextFormat(Utf8JsonReader format)
    {
        while (format.Read() && format.TokenType == JsonTokenType.PropertyName)
        {
            var isType = format.ValueTextEquals("type"u8);
            format.Read();
            if (isType)
            {
                return format.TokenType == JsonTokenType.String && format.ValueTextEquals("text"u8);
            }

            format.Skip();
        }

        return false;
    }
}

/// <summary>With which values a field blocks continuation.</summary>
internal enum Blocker
{
    None,
    Present,
    True,
    TrueOrNumber,
    AboveOne,
    ForcedTool,
    SeveralValues,
    Format,
}
