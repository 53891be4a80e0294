using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Leases;

namespace Continuity.ControlPlane.Jobs;

/// <summary>What a worker can take on.</summary>
/// <param name="Worker">The process: a name that no restart reuses (resource name and a random part).</param>
/// <param name="Kinds">The kinds of jobs that it does.</param>
/// <param name="TimeToLive">How long its lease lasts without being renewed.</param>
public sealed record JobClaim(string Worker, IReadOnlyCollection<JobKind> Kinds, TimeSpan TimeToLive);

/// <summary>A job with the right to do it.</summary>
/// <param name="Job">The job as of the claim; its progress and attempts tell whether it is resumed.</param>
/// <param name="Set">The artefact set as it was declared at that moment.</param>
/// <param name="Lease">The right to work on the artefact set; its token goes with every write.</param>
public sealed record ClaimedJob(Job Job, ArtefactSet Set, Lease Lease);

/// <summary>What became of a worker's write.</summary>
public enum JobWrite
{
    /// <summary>It was stored.</summary>
    Accepted,

    /// <summary>
    /// It was stored, and somebody asked to stop the job: end it with <see cref="WorkerJobs.CancelAsync"/>.
    /// </summary>
    CancelRequested,

    /// <summary>
    /// It was refused: a newer fencing token exists, or the job is no longer this attempt's. Stop at once.
    /// </summary>
    Refused,
}
