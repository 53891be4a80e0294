namespace Continuity.Contracts.Messages;

/// <summary>What messages say, each with a version of its own.</summary>
public static class MessageTypes
{
    /// <summary>On <see cref="Topics.Commands"/>: a job can be claimed (<see cref="JobMessage"/>).</summary>
    public const string JobQueued = "continuity.job.queued.v1";

    /// <summary>On <see cref="Topics.Events"/>: a worker took a job (<see cref="JobMessage"/>).</summary>
    public const string JobStarted = "continuity.job.started.v1";

    /// <summary>
    /// On <see cref="Topics.Events"/>: a job succeeded, failed or was cancelled (<see cref="JobMessage"/>).
    /// </summary>
    public const string JobCompleted = "continuity.job.completed.v1";

    /// <summary>On <see cref="Topics.Events"/>: a replica's verdict changed (<see cref="VerdictMessage"/>).</summary>
    public const string ReplicaVerdictChanged = "continuity.replica.verdict-changed.v1";

    /// <summary>
    /// On <see cref="Topics.Observations"/>: what a vantage sees of a replica (<see cref="ObservationMessage"/>).
    /// </summary>
    public const string ReplicaObserved = "continuity.replica.observed.v1";
}
