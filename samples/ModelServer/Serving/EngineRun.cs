using Continuity.ModelServer.Faults;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Serving;

/// <summary>
/// One request's way through the engine, from its first token to its last, or to where a fault ends it.
/// </summary>
internal sealed class EngineRun(
    HttpContext context,
    IReadOnlyList<IEnumerable<Delta>> answers,
    IAnswerSink sink,
    Pace pace,
    EngineMetrics metrics,
    TimeProvider time)
{
    // Without delays the answer leaves in pieces of this size rather than token by token.
    private const int FlushThreshold = 16 * 1024;

    // Neither JSON nor UTF-8.
    private static readonly byte[] _garbage = [.. "data: {\"id\": \"chat"u8, 0xFF, 0xFE, .. "\", \"choi\n\n"u8];

    private readonly FaultPlan _fault = context.Fault();
    private readonly List<string> _finishReasons = [];
    private int _tokens;
    private int _reasoningTokens;

    /// <value>The tokens that the request holds in the cache.</value>
    public int CachedTokens { get; private set; }

    public async Task SpeakAsync(int promptTokens, long arrived)
    {
        var cancellationToken = context.RequestAborted;
        await DelayAsync(pace.FirstTokenDelay, cancellationToken);
        metrics.PromptRead(promptTokens, time.GetElapsedTime(arrived));
        CachedTokens = promptTokens;

        var running = answers.Select((answer, choice) => (Choice: choice, Steps: answer.GetEnumerator())).ToList();
        var steps = 0;
        while (running.Count > 0)
        {
            if (_fault.BreaksAnswers && steps == _fault.AfterTokens)
            {
                await BreakAsync(cancellationToken);
                return;
            }

            if (steps++ > 0)
            {
                await DelayAsync(pace.TokenDelay, cancellationToken);
            }

            var stepBegan = _tokens;
            running.RemoveAll(choice => !Step(choice.Choice, choice.Steps));
            metrics.Generated(_tokens - stepBegan, pace.TokenDelay);
            CachedTokens += _tokens - stepBegan;
            await FlushStepAsync(cancellationToken);
        }

        await sink.CompleteAsync(Usage.Of(promptTokens, _tokens, _reasoningTokens));
        metrics.Answered(_finishReasons, time.GetElapsedTime(arrived));
    }

    // False when this was the choice's last step.
    private bool Step(int choice, IEnumerator<Delta> steps)
    {
        if (!steps.MoveNext())
        {
            return false;
        }

        var delta = steps.Current;
        _tokens += delta.Tokens;
        _reasoningTokens += delta.Kind == DeltaKind.Reasoning ? delta.Tokens : 0;
        sink.Write(choice, delta);
        if (delta.FinishReason is null)
        {
            return true;
        }

        _finishReasons.Add(delta.FinishReason);
        return false;
    }

    private async ValueTask FlushStepAsync(CancellationToken cancellationToken)
    {
        var writer = context.Response.BodyWriter;
        if (sink.IsStreaming && (pace.TokenDelay > TimeSpan.Zero || writer.UnflushedBytes > FlushThreshold))
        {
            await writer.FlushAsync(cancellationToken);
        }
    }

    private async Task BreakAsync(CancellationToken cancellationToken)
    {
        var response = context.Response;
        if (_fault.Mode == FaultMode.Garbage)
        {
            await response.BodyWriter.WriteAsync(_garbage, cancellationToken);
        }

        // What was said before the fault is seen by the client, whatever the fault does to the connection then.
        if (sink.IsStreaming)
        {
            await response.StartAsync(cancellationToken);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }

        switch (_fault.Mode)
        {
            case FaultMode.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                break;
            case FaultMode.Reset:
            case FaultMode.Cut when !sink.IsStreaming:
                context.ResetConnection();
                break;
        }
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, time, cancellationToken) : Task.CompletedTask;
}
