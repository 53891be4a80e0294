using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Messages;

/// <summary>What one vantage sees of a target.</summary>
/// <remarks>May be dropped; the newest of a vantage counts, and only for as long as it is fresh.</remarks>
public sealed record ObservationMessage
{
    /// <summary>The replica that was probed.</summary>
    public required string Target { get; init; }

    /// <summary>The site from which it was probed.</summary>
    public required string Vantage { get; init; }

    /// <summary>Who probed it: a worker's name.</summary>
    public required string Observer { get; init; }

    /// <summary>What the probes of this vantage say in sum.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why the last probe failed, in one sentence; <see langword="null"/> when it succeeded.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the last probe took.</summary>
    public required double DurationSeconds { get; init; }
}
