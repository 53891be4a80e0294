using Continuity.Contracts.ArtefactSets;

namespace Continuity.Contracts.Jobs;

/// <summary>A piece of work on an artefact set, done once however often workers die meanwhile.</summary>
public sealed record Job
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>The artefact set it works on; one job at a time does.</summary>
    public required string ArtefactSet { get; init; }

    /// <summary>A sync of one target only: its site. All targets when <see langword="null"/>.</summary>
    public string? TargetSite { get; init; }

    /// <summary>A restore's archive; the latest one when <see langword="null"/>.</summary>
    public string? Archive { get; init; }

    /// <summary>A restore's destination.</summary>
    public SitePath? Destination { get; init; }

    /// <summary>A restore: what it does with files that are in its destination already.</summary>
    public ExistingFiles Existing { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>Whether somebody asked to stop it; a running job stops at its next step.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>How often a worker has taken it.</summary>
    public required int Attempts { get; init; }

    /// <summary>After so many attempts it is given up.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>The worker that has it, or had it last.</summary>
    public string? Worker { get; init; }

    /// <summary>The fencing token of its last attempt; every write of the attempt carried it.</summary>
    public long? FencingToken { get; init; }

    /// <summary>How far it is.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>What it did, once it succeeded.</summary>
    public JobResult? Result { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public JobError? Error { get; init; }

    /// <summary>When it was asked for (UTC, the database's clock).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not before this time will it be tried (again).</summary>
    public required DateTimeOffset RunnableAt { get; init; }

    /// <summary>When its first attempt began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it succeeded, failed for good or was cancelled.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
}
