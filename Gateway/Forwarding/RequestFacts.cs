using System.Text.Json;
using System.Text.Unicode;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>What the gateway needs to know of a body before it sends it on, found in one pass.</summary>
internal readonly struct RequestFacts
{
    public const int MaxDepth = 64;
    private const int MaxModelLength = 256;
    private const int DefaultAnswerTokens = 256;

    /// <summary>The model, when the snapshot knows it.</summary>
    public ModelRoute? Model { get; private init; }

    public bool Stream { get; private init; }

    /// <summary>Whether it asks for something that no second replica could go on with.</summary>
    public bool IsUncontinuable { get; private init; }

    /// <summary>
    /// Where the prompt, the messages or the input begin: what requests with one prefix have in common.
    /// </summary>
    public int PromptStart { get; private init; }

    /// <summary>A rough count of the tokens to be read and written.</summary>
    public long Tokens { get; private init; }

    /// <summary>What is wrong with the body, for its sender; nothing when all is well.</summary>
    public RequestFault? Fault { get; private init; }

    /// <summary>The facts of a request whose model is in its path.</summary>
    public static RequestFacts OfPath(ModelRoute? model, int length) => new() { Model = model, Tokens = length / 4 };

    public static RequestFacts Read(ReadOnlySpan<byte> body, RoutingTable table)
    {
        // Without this check, what replicas see could differ from what was checked here.
        if (!Utf8.IsValid(body))
        {
            return Bad("The body is not valid UTF-8.", "invalid_utf8");
        }

        try
        {
            return Scan(body, table);
        }
        catch (JsonException exception)
        {
            var where = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
            return Bad(
                $"The body is not valid JSON, or is nested deeper than {MaxDepth} levels ({where}).", "invalid_json");
        }
    }

    private static RequestFacts Scan(ReadOnlySpan<byte> body, RoutingTable table)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return Bad("The body must be a JSON object.", "invalid_json");
        }

        var fields = default(Fields);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (fields.Take(ref reader, table) is { } fault)
            {
                return new RequestFacts { Fault = fault };
            }
        }

        // The reader itself refuses anything after the object's end.
        while (reader.Read())
        {
        }

        return fields.HasModel
            ? new RequestFacts
            {
                Model = fields.Model,
                Stream = fields.Stream,
                IsUncontinuable = fields.IsUncontinuable,
                PromptStart = fields.PromptStart,
                Tokens = (body.Length / 4) + fields.MaxTokens.GetValueOrDefault(DefaultAnswerTokens),
            }
            : Bad("The field \"model\" is missing.", "missing_model", "model");
    }

    private static RequestFacts Bad(string message, string code, string? parameter = null) =>
        new() { Fault = new RequestFault(message, code, parameter) };

    private ref struct Fields
    {
        private bool _streamSeen;

        public bool HasModel { get; private set; }

        public ModelRoute? Model { get; private set; }

        public bool Stream { get; private set; }

        public bool IsUncontinuable { get; private set; }

        public int PromptStart { get; private set; }

        public long? MaxTokens { get; private set; }

        /// <summary>Takes one field and its value off the reader.</summary>
        public RequestFault? Take(ref Utf8JsonReader reader, RoutingTable table)
        {
            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                return TakeModel(ref reader, table);
            }

            if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                return TakeStream(ref reader);
            }

            if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8)
                || reader.ValueTextEquals("max_output_tokens"u8))
            {
                reader.Read();
                MaxTokens = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var most)
                    ? Math.Clamp(most, 0, 1 << 24)
                    : MaxTokens;
                reader.Skip();
                return null;
            }

            var isPrompt = reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("prompt"u8)
                || reader.ValueTextEquals("input"u8);
            var blocker = isPrompt ? Blocker.None : ContinuationBlockers.Find(reader.ValueSpan);
            reader.Read();
            PromptStart = isPrompt ? (int)reader.TokenStartIndex : PromptStart;
            IsUncontinuable |= ContinuationBlockers.Blocks(blocker, reader);
            reader.Skip();
            return null;
        }

        private RequestFault? TakeModel(ref Utf8JsonReader reader, RoutingTable table)
        {
            if (HasModel)
            {
                return new RequestFault("The field \"model\" is there twice.", "duplicate_field", "model");
            }

            if (reader.TokenType != JsonTokenType.String)
            {
                return new RequestFault("The field \"model\" must be a string.", "invalid_model", "model");
            }

            HasModel = true;
            if (reader.ValueSpan.Length <= MaxModelLength)
            {
                Span<char> name = stackalloc char[MaxModelLength];
                Model = table.FindModel(name[..reader.CopyString(name)]);
            }

            return null;
        }

        private RequestFault? TakeStream(ref Utf8JsonReader reader)
        {
            if (_streamSeen)
            {
                return new RequestFault("The field \"stream\" is there twice.", "duplicate_field", "stream");
            }

            _streamSeen = true;
            Stream = reader.TokenType == JsonTokenType.True;
            return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null
                ? null
                : new RequestFault("The field \"stream\" must be true or false.", "invalid_type", "stream");
        }
    }
}

/// <summary>What is wrong with a request, for its sender.</summary>
internal sealed record RequestFault(string Message, string Code, string? Parameter);
