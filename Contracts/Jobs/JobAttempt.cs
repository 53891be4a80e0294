namespace Continuity.Contracts.Jobs;

/// <summary>
/// One attempt at a job: with all attempts of a job it can be shown that none was lost and none ran twice at once.
/// </summary>
public sealed record JobAttempt
{
    /// <summary>The job.</summary>
    public required Guid JobId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>The worker process that made it.</summary>
    public required string Worker { get; init; }

    /// <summary>The token under which it wrote; grows from attempt to attempt of all jobs of an artefact set.</summary>
    public required long FencingToken { get; init; }

    /// <summary>How it ended.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Why it failed.</summary>
    public JobError? Error { get; init; }

    /// <summary>When it began (UTC, the database's clock).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, or when its loss was noticed (UTC, the database's clock).</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
