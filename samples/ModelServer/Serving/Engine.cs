using Continuity.ModelServer.Faults;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Serving;

/// <summary>Works on requests as an inference engine does: a queue, a pace, steps of all choices together.</summary>
internal sealed class Engine : IDisposable
{
    private readonly ModelOptions _options;
    private readonly EngineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim? _slots;

    public Engine(ModelOptions options, EngineMetrics metrics, TimeProvider time)
    {
        _options = options;
        _metrics = metrics;
        _time = time;
        _slots = options.MaxConcurrency > 0 ? new SemaphoreSlim(options.MaxConcurrency) : null;
    }

    /// <summary>Answers a request whose answers are given, through <paramref name="sink"/>.</summary>
    public async Task RunAsync(
        HttpContext context, IReadOnlyList<IEnumerable<Delta>> answers, int promptTokens, IAnswerSink sink)
    {
        var arrived = _time.GetTimestamp();
        var cancellationToken = context.RequestAborted;
        var pace = Pace.Of(_options, context.Fault());
        if (sink.IsStreaming)
        {
            await StartStreamAsync(context.Response, pace, cancellationToken);
        }

        await EnterAsync(cancellationToken);
        var run = new EngineRun(context, answers, sink, pace, _metrics, _time);
        try
        {
            await run.SpeakAsync(promptTokens, arrived);
        }
        finally
        {
            _metrics.Finished(run.CachedTokens);
            _slots?.Release();
        }
    }

    public void Dispose() => _slots?.Dispose();

    // As vLLM's server does, the headers go out when the request is accepted, not when the first token is there: a
    // 200 says nothing about whether the engine behind it works. Without delays the extra packet is not worth it.
    private static async Task StartStreamAsync(HttpResponse response, Pace pace, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        if (pace.FirstTokenDelay > TimeSpan.Zero)
        {
            await response.StartAsync(cancellationToken);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        _metrics.Queued();
        try
        {
            await (_slots?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            _metrics.Started();
        }
        finally
        {
            _metrics.Dequeued();
        }
    }
}
