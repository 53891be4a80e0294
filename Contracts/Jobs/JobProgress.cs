namespace Continuity.Contracts.Jobs;

/// <summary>How far a job is.</summary>
public sealed record JobProgress
{
    /// <summary>Files dealt with.</summary>
    public long FilesDone { get; init; }

    /// <summary>Files in all, as far as is known yet.</summary>
    public long? FilesTotal { get; init; }

    /// <summary>Bytes dealt with.</summary>
    public long BytesDone { get; init; }

    /// <summary>Bytes in all, as far as is known yet.</summary>
    public long? BytesTotal { get; init; }

    /// <summary>What it is doing ("copying", "verifying").</summary>
    public string? Phase { get; init; }
}

/// <summary>What a job did.</summary>
public sealed record JobResult
{
    /// <summary>Files looked at.</summary>
    public long FilesExamined { get; init; }

    /// <summary>Files written.</summary>
    public long FilesWritten { get; init; }

    /// <summary>Files deleted.</summary>
    public long FilesDeleted { get; init; }

    /// <summary>Bytes written.</summary>
    public long BytesWritten { get; init; }

    /// <summary>The archive that a backup wrote or a restore read.</summary>
    public string? Archive { get; init; }

    /// <summary>
    /// SHA-256 over what was protected, as the job's kind defines it, in lower-case hexadecimal digits.
    /// </summary>
    public string? Sha256 { get; init; }
}

/// <summary>Why an attempt failed.</summary>
/// <param name="Code">A stable word for programs ("source-missing", "disk-full").</param>
/// <param name="Message">One sentence for people: what, where, and what to do.</param>
public sealed record JobError(string Code, string Message);
