using System.Text;
using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Completions;

/// <summary>Writes a completion as events.</summary>
internal sealed class CompletionStream(HttpResponse response, AnswerHeader header, bool includeUsage)
    : IAnswerSink, IDisposable
{
    private readonly SseWriter _events = new(response);

    public bool IsStreaming => true;

    public void Write(int choice, Delta delta)
    {
        if (delta.Text.Length > 0 || delta.FinishReason is not null)
        {
            Send([new CompletionChoice(choice, delta.Text)
            {
                FinishReason = delta.FinishReason,
                StopReason = delta.StopReason,
            }]);
        }
    }

    public Task CompleteAsync(Usage usage)
    {
        if (includeUsage)
        {
            Send([], usage);
        }

        _events.Done();
        return Task.CompletedTask;
    }

    public void Dispose() => _events.Dispose();

    private void Send(IReadOnlyList<CompletionChoice> choices, Usage? usage = null) =>
        _events.Event(
            new Completion(header.Id, "text_completion", header.Created, header.Model, choices) { Usage = usage },
            ModelJson.Wire.Completion);
}

/// <summary>Gathers a completion into one body.</summary>
internal sealed class CompletionBody(HttpResponse response, AnswerHeader header, int choices) : IAnswerSink
{
    private readonly StringBuilder[] _texts = [.. Enumerable.Range(0, choices).Select(_ => new StringBuilder())];
    private readonly Delta[] _last = new Delta[choices];

    public bool IsStreaming => false;

    public void Write(int choice, Delta delta)
    {
        _texts[choice].Append(delta.Text);
        _last[choice] = delta;
    }

    public Task CompleteAsync(Usage usage)
    {
        var choices = _texts.Select((text, index) => new CompletionChoice(index, text.ToString())
        {
            FinishReason = _last[index].FinishReason,
            StopReason = _last[index].StopReason,
        });
        var body = new Completion(header.Id, "text_completion", header.Created, header.Model, [.. choices])
        {
            Usage = usage,
        };
        return response.WriteAsync(body, ModelJson.Wire.Completion);
    }
}
