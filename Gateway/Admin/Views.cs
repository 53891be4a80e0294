using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Admin;

/// <summary>The snapshot in force.</summary>
internal sealed record RoutingView(
    long? Version, DateTimeOffset? CreatedAt, string Source, double AgeSeconds, string LastRefusal);

/// <summary>A replica, as this gateway sees it.</summary>
internal sealed record ReplicaView
{
    public required string Id { get; init; }

    public required string Service { get; init; }

    public required string Site { get; init; }

    public required Uri Address { get; init; }

    public ReplicaState State { get; init; }

    public Verdict Verdict { get; init; }

    /// <summary>How its broken streams can be taken up elsewhere.</summary>
    public ContinuationSupport Continuation { get; init; }

    /// <summary>"good", "ejected" by failed requests, or "down" by its health page.</summary>
    public required string Standing { get; init; }

    public required string Reason { get; init; }

    public int Ejections { get; init; }

    public double EjectedForSeconds { get; init; }

    public int InFlight { get; init; }

    public long Requests { get; init; }

    public double LatencySeconds { get; init; }

    /// <summary>What the service's policy thinks a further request would cost here; lower is better.</summary>
    public double Score { get; init; }

    public int Streams { get; init; }

    public double Phi { get; init; }

    public double Waiting { get; init; }

    public double CacheUse { get; init; }
}
