using Continuity.Contracts.Jobs;

namespace Continuity.ControlPlane.Jobs;

/// <summary>Who asks for a job.</summary>
/// <param name="Tenant">Idempotency keys are a tenant's own.</param>
/// <param name="IdempotencyKey">The same key is the same job, however often it is asked for.</param>
public sealed record JobAsker(string Tenant, string? IdempotencyKey);

/// <summary>Which jobs to list.</summary>
public sealed record JobFilter
{
    public JobState? State { get; init; }

    public JobKind? Kind { get; init; }

    public string? ArtefactSet { get; init; }

    /// <summary>Only jobs older than this one, from a page's cursor.</summary>
    public long? Before { get; init; }

    public required int Limit { get; init; }
}

/// <summary>What became of the wish for a job.</summary>
public abstract record JobCreation
{
    private JobCreation()
    {
    }

    public sealed record Created(Job Job) : JobCreation;

    /// <summary>The same request with the same idempotency key came before: this is its job.</summary>
    public sealed record Repeated(Job Job) : JobCreation;

    /// <summary>The idempotency key was used for another request.</summary>
    public sealed record KeyUsedOtherwise(Job Earlier) : JobCreation;

    public sealed record UnknownArtefactSet : JobCreation;

    public sealed record Invalid(string Field, string Reason) : JobCreation;
}

/// <summary>What became of the wish to stop or repeat a job.</summary>
public abstract record JobChange
{
    private JobChange()
    {
    }

    public sealed record Changed(Job Job) : JobChange;

    /// <summary>The job is in a state in which that makes no sense.</summary>
    public sealed record NotNow(Job Job) : JobChange;

    public sealed record UnknownJob : JobChange;
}
