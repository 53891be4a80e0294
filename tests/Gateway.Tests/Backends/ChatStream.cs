using System.Net;
using System.Text;
using System.Text.Json;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>What a client got of one streamed chat.</summary>
internal sealed record ChatStream
{
    public required string Text { get; init; }

    public required IReadOnlyList<string> Ids { get; init; }

    public required IReadOnlyList<string> FinishReasons { get; init; }

    public required int Roles { get; init; }

    public required int Ends { get; init; }

    public required bool HasError { get; init; }

    public string? ErrorCode { get; init; }

    /// <summary>How often another replica went on, as the stream's comments tell.</summary>
    public required int Continuations { get; init; }

    public long? PromptTokens { get; init; }

    public long? CompletionTokens { get; init; }

    public bool IsWhole =>
        !HasError && Ends == 1 && FinishReasons.Count == 1 && Roles == 1 && Ids.Distinct().Count() == 1;

    /// <summary>Asks for a chat and reads it to its end.</summary>
    /// <param name="gateway">Where to ask.</param>
    /// <param name="prompt">The user's message.</param>
    /// <param name="more">More fields of the request, each with a leading comma.</param>
    /// <param name="onEvent">Told the number of each event as it arrives.</param>
    public static async Task<ChatStream> ReadAsync(
        TestGateway gateway, string prompt, string more = "", Func<int, Task>? onEvent = null)
    {
        var body = $$"""
            {"model":"chat","messages":[{"role":"user","content":{{JsonSerializer.Serialize(prompt)}}}],"stream":true,
            "stream_options":{"include_usage":true}{{more}}}
            """;
        using var response = await gateway.PostAsync("/v1/chat/completions", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var reader = new Reader();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var count = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            // Clients drop comments, so the lines are read by hand. An event of the gateway is one line of data.
            if (reader.Take(line) && onEvent is not null)
            {
                await onEvent(++count);
            }
        }

        return reader.Result();
    }

    private sealed class Reader
    {
        private readonly StringBuilder _text = new();
        private readonly List<string> _ids = [];
        private readonly List<string> _finishReasons = [];
        private int _roles;
        private int _ends;
        private int _continuations;
        private string? _error;
        private (long Prompt, long Completion)? _usage;

        /// <summary>Takes a line; tells whether it was an event.</summary>
        public bool Take(string line)
        {
            _continuations += line.StartsWith(": continued by ", StringComparison.Ordinal) ? 1 : 0;
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Assert.True(line.Length == 0 || line[0] == ':', line);
                return false;
            }

            TakeEvent(line["data: ".Length..]);
            return true;
        }

        private void TakeEvent(string data)
        {
            if (data == "[DONE]")
            {
                _ends++;
                return;
            }

            using var json = JsonDocument.Parse(data);
            if (json.RootElement.TryGetProperty("error", out var error))
            {
                _error = error.GetProperty("code").GetString() ?? "";
                return;
            }

            _ids.Add(json.RootElement.GetProperty("id").GetString()!); // The servers under test always send one.
            if (json.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            {
                _usage = (
                    usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64());
            }

            foreach (var choice in json.RootElement.GetProperty("choices").EnumerateArray())
            {
                TakeChoice(choice);
            }
        }

        public ChatStream Result() => new()
        {
            Text = _text.ToString(),
            Ids = _ids,
            FinishReasons = _finishReasons,
            Roles = _roles,
            Ends = _ends,
            HasError = _error is not null,
            ErrorCode = _error,
            Continuations = _continuations,
            PromptTokens = _usage?.Prompt,
            CompletionTokens = _usage?.Completion,
        };

        private void TakeChoice(JsonElement choice)
        {
            var delta = choice.GetProperty("delta");
            if (delta.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String)
            {
                _roles++;
            }

            if (delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
            {
                _text.Append(content.GetString());
            }

            if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            {
                _finishReasons.Add(reason.GetString()!); // It is a string: the line above asked.
            }
        }
    }
}
