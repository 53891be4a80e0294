using System.Text;
using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Chat;

/// <summary>Gathers a chat answer into one body.</summary>
internal sealed class ChatBody(HttpResponse response, AnswerHeader header, int choices) : IAnswerSink
{
    private readonly GatheredChoice[] _choices = [.. Enumerable.Range(0, choices).Select(_ => new GatheredChoice())];

    public bool IsStreaming => false;

    public void Write(int choice, Delta delta) => _choices[choice].Add(delta);

    public Task CompleteAsync(Usage usage)
    {
        var body = new ChatCompletion(
            header.Id, "chat.completion", header.Created, header.Model,
            [.. _choices.Select((choice, index) => choice.ToChoice(index, header.ToolCallId))], usage);
        return response.WriteAsync(body, ModelJson.Wire.ChatCompletion);
    }

    private sealed class GatheredChoice
    {
        private readonly StringBuilder _content = new();
        private readonly StringBuilder _reasoning = new();
        private readonly StringBuilder _arguments = new();
        private string? _tool;
        private Delta _last;

        public void Add(Delta delta)
        {
            _last = delta;
            switch (delta.Kind)
            {
                case DeltaKind.ToolName:
                    _tool = delta.Text;
                    break;
                case DeltaKind.ToolArguments:
                    _arguments.Append(delta.Text);
                    break;
                case DeltaKind.Reasoning:
                    _reasoning.Append(delta.Text);
                    break;
                default:
                    _content.Append(delta.Text);
                    break;
            }
        }

        public ChatChoice ToChoice(int index, string toolCallId)
        {
            var message = new AssistantMessage
            {
                Content = _tool is null ? _content.ToString() : null,
                ReasoningContent = _reasoning.Length > 0 ? _reasoning.ToString() : null,
                ToolCalls = _tool is null ? null : [new ToolCallBody
                {
                    Id = toolCallId,
                    Type = "function",
                    Function = new ToolCallFunction { Name = _tool, Arguments = _arguments.ToString() },
                }],
            };
            return new ChatChoice(index, message) { FinishReason = _last.FinishReason, StopReason = _last.StopReason };
        }
    }
}
