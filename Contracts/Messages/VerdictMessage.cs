using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Messages;

/// <summary>A replica's verdict changed.</summary>
public sealed record VerdictMessage
{
    /// <summary>The replica.</summary>
    public required string Replica { get; init; }

    /// <summary>What was thought of it before.</summary>
    public required Verdict Previous { get; init; }

    /// <summary>What is thought of it now.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>Who says so: a monitor's name.</summary>
    public required string Observer { get; init; }
}
