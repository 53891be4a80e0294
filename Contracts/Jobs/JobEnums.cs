using System.Text.Json.Serialization;

namespace Continuity.Contracts.Jobs;

/// <summary>What a job does with its artefact set.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<JobKind>))]
public enum JobKind
{
    /// <summary>Makes the copies equal to the source.</summary>
    Sync,

    /// <summary>Writes the source to an archive and reads it back.</summary>
    Backup,

    /// <summary>Writes an archive's files to a folder.</summary>
    Restore,
}

/// <summary>What a restore does with files that are in its destination already.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ExistingFiles>))]
public enum ExistingFiles
{
    /// <summary>Refuses to restore: the destination must be empty.</summary>
    Refuse,

    /// <summary>Replaces them: afterwards the destination holds what the archive holds, and nothing else.</summary>
    Replace,
}

/// <summary>Where a job stands.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<JobState>))]
public enum JobState
{
    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker has it, or had it and died: then another takes it over when the lease ends.</summary>
    Running,

    /// <summary>Is done.</summary>
    Succeeded,

    /// <summary>Was given up; the error says why.</summary>
    Failed,

    /// <summary>Was stopped on request.</summary>
    Cancelled,
}

/// <summary>How one attempt at a job ended.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<AttemptOutcome>))]
public enum AttemptOutcome
{
    /// <summary>It has not ended, as far as is known.</summary>
    Running,

    /// <summary>It did the work.</summary>
    Succeeded,

    /// <summary>It failed, and the job may have been tried again.</summary>
    Failed,

    /// <summary>It was stopped on request.</summary>
    Cancelled,

    /// <summary>Its worker lost the lease (died, hung, or was cut off), and the job was taken over.</summary>
    Lost,
}
