using Continuity.Contracts.Jobs;

namespace Continuity.Contracts.Messages;

/// <summary>Something happened to a job.</summary>
/// <remarks>The row in PostgreSQL is the truth; this only says that it is worth a look.</remarks>
public sealed record JobMessage
{
    /// <summary>The job.</summary>
    public required Guid JobId { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>The artefact set it works on.</summary>
    public required string ArtefactSet { get; init; }

    /// <summary>Where it stood when the message was written.</summary>
    public required JobState State { get; init; }

    /// <summary>The worker that has it, or had it last.</summary>
    public string? Worker { get; init; }

    /// <summary>The fencing token of its last attempt.</summary>
    public long? FencingToken { get; init; }
}
