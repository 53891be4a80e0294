using System.Text.Json;

namespace Continuity.Gateway.Streaming;

/// <summary>What one event of a chat or completion stream says.</summary>
internal struct ChunkFacts
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>The answer's text in this event, as escaped in its JSON, by its place in the data.</summary>
    public Range Text;

    public Range Reasoning;

    public bool HasText;

    public bool HasReasoning;

    public bool HasRole;

    public bool HasFinish;

    public bool HasError;

    /// <summary>
    /// Whether it has parts that another replica can't take up: half a tool call, audio, a second choice,
    /// probabilities.
    /// </summary>
    public bool HasUncontinuable;

    public bool HasUsage;

    public long PromptTokens;

    public long CompletionTokens;

    /// <summary>Whether it holds a piece of text and nothing else of interest.</summary>
    public readonly bool IsTextOnly =>
        HasText && !HasRole && !HasFinish && !HasReasoning && !HasUncontinuable && !HasUsage && !HasError;

    /// <summary>Reads the JSON of an event's data.</summary>
    /// <returns>False when it is no JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out ChunkFacts facts)
    {
        facts = default;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                facts.TakeTopLevel(ref reader);
            }

            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void TakeTopLevel(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            reader.Read();
            TakeChoices(ref reader);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            TakeUsage(ref reader);
        }
        else
        {
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            HasError |= isError && reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
    }

    private void TakeChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            HasUncontinuable |= ++count > 1;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                HasUncontinuable = true;
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                TakeChoiceField(ref reader);
            }
        }
    }

    private void TakeChoiceField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("delta"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    TakeDeltaField(ref reader);
                }
            }
        }
        else if (reader.ValueTextEquals("text"u8))
        {
            reader.Read();
            TakeText(ref reader);
        }
        else if (reader.ValueTextEquals("finish_reason"u8))
        {
            reader.Read();
            HasFinish |= reader.TokenType == JsonTokenType.String;
        }
        else if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            HasUncontinuable |= reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var index)
                || index != 0;
        }
        else
        {
            var isLogprobs = reader.ValueTextEquals("logprobs"u8);
            reader.Read();
            HasUncontinuable |= isLogprobs && reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
    }

    private void TakeDeltaField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            TakeText(ref reader);
        }
        else if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0)
            {
                HasReasoning = true;
                Reasoning = Inside(reader);
            }
            else
            {
                reader.Skip();
            }
        }
        else if (reader.ValueTextEquals("role"u8))
        {
            reader.Read();
            HasRole |= reader.TokenType == JsonTokenType.String;
        }
        else
        {
            // A field that the gateway does not know may matter: only an absent or empty one can't.
            reader.Read();
            HasUncontinuable |= reader.TokenType != JsonTokenType.Null && !IsEmptyArray(reader);
            reader.Skip();
        }
    }

    private void TakeText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueSpan.Length > 0)
            {
                HasUncontinuable |= HasText;
                HasText = true;
                Text = Inside(reader);
            }
        }
        else
        {
            HasUncontinuable |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
    }

    private void TakeUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        HasUsage = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPrompt = reader.ValueTextEquals("prompt_tokens"u8);
            var isCompletion = reader.ValueTextEquals("completion_tokens"u8);
            reader.Read();
            if ((isPrompt || isCompletion) && reader.TokenType == JsonTokenType.Number
                && reader.TryGetInt64(out var count))
            {
                PromptTokens = isPrompt ? count : PromptTokens;
                CompletionTokens = isCompletion ? count : CompletionTokens;
            }

            reader.Skip();
        }
    }

    private static Range Inside(in Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex + 1;
        return start..(start + reader.ValueSpan.Length);
    }

    private static bool IsEmptyArray(Utf8JsonReader copy) =>
        copy.TokenType == JsonTokenType.StartArray && copy.Read() && copy.TokenType == JsonTokenType.EndArray;
}
