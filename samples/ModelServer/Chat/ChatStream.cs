using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Chat;

/// <summary>Writes a chat answer as events.</summary>
internal sealed class ChatStream(HttpResponse response, AnswerHeader header, int choices, bool includeUsage)
    : IAnswerSink, IDisposable
{
    private readonly SseWriter _events = new(response);
    private bool _begun;

    public bool IsStreaming => true;

    public void Write(int choice, Delta delta)
    {
        Begin();
        if (delta.Text.Length == 0 && delta.FinishReason is null)
        {
            return;
        }

        Send(new ChunkChoice(choice, ToDelta(delta))
        {
            FinishReason = delta.FinishReason,
            StopReason = delta.StopReason,
        });
    }

    public Task CompleteAsync(Usage usage)
    {
        if (includeUsage)
        {
            _events.Event(Chunk([]) with { Usage = usage }, ModelJson.Wire.ChatChunk);
        }

        _events.Done();
        return Task.CompletedTask;
    }

    public void Dispose() => _events.Dispose();

    // As vLLM does, the roles go out together with the first tokens.
    private void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        for (var choice = 0; choice < choices; choice++)
        {
            Send(new ChunkChoice(choice, new ChatDelta { Role = "assistant", Content = "" }));
        }
    }

    private void Send(ChunkChoice choice) => _events.Event(Chunk([choice]), ModelJson.Wire.ChatChunk);

    private ChatChunk Chunk(IReadOnlyList<ChunkChoice> choices) =>
        new(header.Id, "chat.completion.chunk", header.Created, header.Model, choices);

    private ChatDelta ToDelta(Delta delta) => delta.Kind switch
    {
        DeltaKind.Reasoning => new ChatDelta { ReasoningContent = delta.Text },
        DeltaKind.ToolName => new ChatDelta
        {
            ToolCalls = [new ToolCallBody
            {
                Index = 0,
                Id = header.ToolCallId,
                Type = "function",
                Function = new ToolCallFunction { Name = delta.Text, Arguments = "" },
            }],
        },
        DeltaKind.ToolArguments when delta.Text.Length > 0 => new ChatDelta
        {
            ToolCalls = [new ToolCallBody { Index = 0, Function = new ToolCallFunction { Arguments = delta.Text } }],
        },
        DeltaKind.ToolArguments => new ChatDelta(),
        _ => new ChatDelta { Content = delta.Text },
    };
}
