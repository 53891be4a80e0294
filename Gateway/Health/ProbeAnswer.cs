namespace Continuity.Gateway.Health;

/// <summary>What came of asking a replica whether it lives.</summary>
internal readonly record struct ProbeAnswer(bool Healthy, string Reason)
{
    /// <summary>Whether it was only not heard of in time.</summary>
    public bool TookTooLong { get; init; }
}
