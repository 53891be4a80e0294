using System.Collections.Concurrent;

namespace Continuity.ModelServer.Serving;

/// <summary>The engine's figures, under vLLM's names.</summary>
internal sealed class EngineMetrics(ModelOptions options)
{
    // Tokens that the imagined cache holds: about as many as a small accelerator does.
    private const double CacheTokens = 65_536;

    private readonly ConcurrentDictionary<string, long> _finished = new();
    private readonly LatencyHistogram _firstToken = new();
    private readonly LatencyHistogram _betweenTokens = new();
    private readonly LatencyHistogram _wholeRequest = new();
    private long _running;
    private long _waiting;
    private long _promptTokens;
    private long _generatedTokens;
    private long _cachedTokens;

    public void Queued() => Interlocked.Increment(ref _waiting);

    public void Dequeued() => Interlocked.Decrement(ref _waiting);

    public void Started() => Interlocked.Increment(ref _running);

    public void PromptRead(int tokens, TimeSpan sinceArrival)
    {
        Interlocked.Add(ref _promptTokens, tokens);
        Interlocked.Add(ref _cachedTokens, tokens);
        _firstToken.Observe(sinceArrival);
    }

    public void Generated(int tokens, TimeSpan sinceLastStep)
    {
        Interlocked.Add(ref _generatedTokens, tokens);
        Interlocked.Add(ref _cachedTokens, tokens);
        _betweenTokens.Observe(sinceLastStep);
    }

    public void Answered(IEnumerable<string> finishReasons, TimeSpan sinceArrival)
    {
        foreach (var reason in finishReasons)
        {
            _finished.AddOrUpdate(reason, 1, (_, count) => count + 1);
        }

        _wholeRequest.Observe(sinceArrival);
    }

    /// <summary>The request left the engine, answered or not, and with it its part of the cache.</summary>
    public void Finished(int cachedTokens)
    {
        Interlocked.Add(ref _cachedTokens, -cachedTokens);
        Interlocked.Decrement(ref _running);
    }

    /// <summary>All figures in Prometheus' text format.</summary>
    public string Expose()
    {
        var text = new PrometheusText(("engine", "0"), ("model_name", options.Name), ("site", options.Site));
        var cacheUsage = Math.Min(1, Interlocked.Read(ref _cachedTokens) / CacheTokens);
        text.Gauge("vllm:num_requests_running", "Requests that are worked on.", Interlocked.Read(ref _running));
        text.Gauge("vllm:num_requests_waiting", "Requests that wait for their turn.", Interlocked.Read(ref _waiting));
        text.Gauge("vllm:kv_cache_usage_perc", "Share of the cache in use, 0 to 1.", cacheUsage);
        text.Gauge("vllm:gpu_cache_usage_perc", "The same under its older name.", cacheUsage);
        text.Counter("vllm:prompt_tokens_total", "Tokens read.", Interlocked.Read(ref _promptTokens));
        text.Counter("vllm:generation_tokens_total", "Tokens generated.", Interlocked.Read(ref _generatedTokens));
        text.Counters("vllm:request_success_total", "Answers by what ended them.", "finished_reason", _finished);
        text.Histogram("vllm:time_to_first_token_seconds", "From arrival to the first token.", _firstToken);
        text.Histogram("vllm:time_per_output_token_seconds", "Between two tokens.", _betweenTokens);
        text.Histogram("vllm:inter_token_latency_seconds", "The same under its newer name.", _betweenTokens);
        text.Histogram("vllm:e2e_request_latency_seconds", "From arrival to the last token.", _wholeRequest);
        return text.ToString();
    }
}
