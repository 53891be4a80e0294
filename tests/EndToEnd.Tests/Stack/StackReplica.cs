namespace Continuity.EndToEnd.Tests.Stack;

/// <summary>A row of <c>ps --json</c>.</summary>
public sealed record StackReplica(string Id, string Resource, string State)
{
    public string? Health { get; init; }

    public string? Reason { get; init; }

    public int? ProcessId { get; init; }

    public int? ExitCode { get; init; }

    public IReadOnlyDictionary<string, Uri> Endpoints { get; init; } = new Dictionary<string, Uri>();

    public bool IsHealthy => State == "Running" && Health is null or "Healthy";
}
