namespace Continuity.Workers.Monitoring;

/// <summary>What one probe found.</summary>
/// <param name="Reason">Why it failed, in one sentence; <see langword="null"/> when it succeeded.</param>
/// <param name="Duration">How long it took.</param>
internal readonly record struct ProbeResult(string? Reason, TimeSpan Duration)
{
    public bool Succeeded => Reason is null;
}
