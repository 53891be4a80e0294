using Continuity.Contracts.Routing;
using Continuity.Gateway.Admission;
using Continuity.Gateway.Balancing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Continuity.Gateway.Streaming;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Routing;

/// <summary>
/// A replica and all that this gateway has learned of it. It outlives snapshots: only its route changes.
/// </summary>
internal sealed class Replica
{
    private static readonly Version Http11 = new(1, 1);
    private static readonly Version Http20 = new(2, 0);
    private volatile ReplicaRoute _route;
    private volatile int _foundContinuation = (int)ContinuationSupport.Completions;
    private int _inFlight;
    private long _outstandingTokens;
    private long _requests;

    public Replica(ReplicaRoute route, Clock clock)
    {
        _route = route;
        Latency = new PeakLatency(clock);
        Rhythm = new ChunkRhythm(clock);
        Target = new UpstreamTarget(route.Address);
        Connections = new ConnectionPool(clock);
    }

    public string Id => _route.Id;

    public ReplicaRoute Route
    {
        get => _route;
        set => _route = value;
    }

    public UpstreamTarget Target { get; }

    /// <summary>The gateway's own connections to it; idle ones wait here.</summary>
    public ConnectionPool Connections { get; }

    public ReplicaHealth Health { get; } = new();

    public CallSet Calls { get; } = new();

    public PeakLatency Latency { get; }

    public ChunkRhythm Rhythm { get; }

    /// <summary>What the engine's own metrics say of its load; nothing when they aren't scraped.</summary>
    public EngineLoad Load { get; } = new();

    public AdaptiveLimit Limit { get; } = new();

    public ReplicaOutcomes Outcomes { get; } = new();

    /// <summary>
    /// How its broken streams can be taken up: as the route says, as its engine's kind has it, or as it was found out.
    /// </summary>
    public ContinuationSupport Continuation => _route.Continuation != ContinuationSupport.Auto
        ? _route.Continuation
        : _route.Engine switch
        {
            EngineKind.Vllm or EngineKind.Sglang or EngineKind.Tgi or EngineKind.LlamaCpp =>
                ContinuationSupport.FinalMessage,
            EngineKind.Triton or EngineKind.TensorFlowServing or EngineKind.TorchServe => ContinuationSupport.None,
            EngineKind.OpenAi => (ContinuationSupport)_foundContinuation,
            _ => ContinuationSupport.Completions,
        };

    /// <summary>What was found out by asking it; completions until then, which any such server has.</summary>
    public ContinuationSupport FoundContinuation
    {
        set => _foundContinuation = (int)value;
    }

    public int InFlight => Volatile.Read(ref _inFlight);

    public long OutstandingTokens => Interlocked.Read(ref _outstandingTokens);

    public long Requests => Interlocked.Read(ref _requests);

    public Version HttpVersion => _route.Http2 ? Http20 : Http11;

    /// <summary>Whether the control plane lets it take new requests at all.</summary>
    public bool TakesTraffic =>
        _route.State is ReplicaState.Serving or ReplicaState.Warming or ReplicaState.Suspect
        && _route.Weight > 0;

    /// <summary>Whether it may be expected to answer.</summary>
    public bool LooksAlive => !Health.ProbedDown && _route.Verdict != Verdict.Failed;

    /// <summary>Whether the snapshot's entry means this very server, so that what is known of it still holds.</summary>
    public bool IsSameServer(ReplicaRoute route) =>
        route.Id == _route.Id && route.Address == _route.Address;

    public void Begin(long tokens)
    {
        Interlocked.Increment(ref _inFlight);
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _outstandingTokens, tokens);
    }

    public void End(long tokens)
    {
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Add(ref _outstandingTokens, -tokens);
    }
}
