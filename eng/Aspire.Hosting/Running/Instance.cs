using System.Collections.Immutable;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>What a host tells of one replica; replaced as a whole on every change.</summary>
internal sealed record InstanceSnapshot(string Id, IResource Resource, string Kind)
{
    public string State { get; init; } = KnownResourceStates.NotStarted;

    public HealthState? Health { get; init; }

    public string? HealthReason { get; init; }

    public int? ProcessId { get; init; }

    public int? ExitCode { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public DateTimeOffset? CheckedAt { get; init; }

    public ImmutableArray<EndpointAddress> Addresses { get; init; } = [];

    public LaunchSpec? Launch { get; init; }

    public string Suffix => Id[(Id.LastIndexOf('-') + 1)..];

    /// <value>Running and, where there is a check, healthy.</value>
    public bool IsReady =>
        State == KnownResourceStates.Running && (!HasHealthCheck || Health == HealthState.Healthy);

    public bool HasHealthCheck { get; init; }

    public bool IsTerminal => State is KnownResourceStates.Finished or KnownResourceStates.Exited
        or KnownResourceStates.FailedToStart;
}

internal enum HealthState
{
    Healthy,
    Unhealthy,
}

/// <summary>An endpoint's port for its callers, and the one that this replica listens on.</summary>
internal readonly record struct EndpointAddress(string Name, string Scheme, int Port, int TargetPort);

/// <summary>One replica of a resource: its name, its ports, and its process while it has one.</summary>
internal sealed class Instance(string resourceName, IReadOnlyDictionary<string, int> targetPorts)
{
    private const int SuffixLength = 8;

    public string Id { get; } =
        $"{resourceName}-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", SuffixLength)}";

    /// <value>By endpoint name.</value>
    public IReadOnlyDictionary<string, int> TargetPorts { get; } = targetPorts;

    public ManagedProcess? Process { get; set; }

    public CancellationTokenSource? Supervision { get; set; }

    /// <value>Ends when the process has ended and everything about it has been told.</value>
    public Task Supervising { get; set; } = Task.CompletedTask;
}
