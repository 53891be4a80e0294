using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Security.Claims;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Continuity.Api.Jobs;

internal static class JobEndpoints
{
    public static RouteGroupBuilder MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("/", ListAsync).WithName("ListJobs").WithSummary("Jobs, newest first").ForViewers();
        jobs.MapPost("/", CreateAsync)
            .WithName("CreateJob").WithSummary("Ask for a sync, a backup or a restore").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        jobs.MapGet("/{id:guid}", GetAsync)
            .WithName("GetJob").WithSummary("One job: state, progress, result").ForViewers()
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapGet("/{id:guid}/attempts", ListAttemptsAsync)
            .WithName("ListJobAttempts").WithSummary("Every attempt at a job").ForViewers()
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapPost("/{id:guid}/cancel", CancelAsync)
            .WithName("CancelJob").WithSummary("Ask a job to stop").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/{id:guid}/retry", RetryAsync)
            .WithName("RetryJob").WithSummary("Run a job again that has ended").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        return jobs;
    }

    /// <summary>
    /// Asks for a job. The same Idempotency-Key with the same body is the same job, however often it is sent.
    /// </summary>
    private static async Task<Results<Accepted<Job>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        CreateJobRequest request,
        [FromHeader(Name = "Idempotency-Key")] [StringLength(200, MinimumLength = 1)] string? idempotencyKey,
        ClaimsPrincipal caller, JobStore store, CancellationToken cancellationToken) =>
        await store.CreateAsync(request, new JobAsker(caller.Tenant(), idempotencyKey), cancellationToken) switch
        {
            JobCreation.Created { Job: var job } => Accepted(job),
            JobCreation.Repeated { Job: var job } => Accepted(job),
            JobCreation.KeyUsedOtherwise { Earlier: var earlier } => TypedResults.Problem(
                statusCode: StatusCodes.Status422UnprocessableEntity,
                type: "urn:continuity:idempotency-key-reused",
                detail: $"The Idempotency-Key was used for another request, "
                    + $"which became job {earlier.Id}; use a new key."),
            JobCreation.UnknownArtefactSet => Problems.NotFound("artefact set", request.ArtefactSet),
            JobCreation.Invalid { Field: var field, Reason: var reason } => Problems.Invalid(field, reason),
            _ => throw new UnreachableException(),
        };

    private static async Task<Ok<Page<Job>>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] JobQuery query, JobStore store,
            CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(
            new JobFilter
            {
                State = query.ParsedState,
                Kind = query.ParsedKind,
                ArtefactSet = query.ArtefactSet,
                Before = page.Before,
                Limit = page.Take,
            },
            cancellationToken));

    private static async Task<Results<Ok<Job>, ProblemHttpResult>> GetAsync(
        Guid id, JobStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } job
            ? TypedResults.Ok(job)
            : Problems.NotFound("job", id.ToString());

    /// <summary>
    /// Every attempt at the job with its worker and fencing token: what shows that it was neither lost nor run twice.
    /// </summary>
    private static async Task<Results<Ok<IReadOnlyList<JobAttempt>>, ProblemHttpResult>> ListAttemptsAsync(
        Guid id, JobStore store, CancellationToken cancellationToken) =>
        await store.ListAttemptsAsync(id, cancellationToken) is { } attempts
            ? TypedResults.Ok(attempts)
            : Problems.NotFound("job", id.ToString());

    private static async Task<Results<Accepted<Job>, ProblemHttpResult>> CancelAsync(
        Guid id, JobStore store, CancellationToken cancellationToken) =>
        await store.RequestCancelAsync(id, cancellationToken) switch
        {
            JobChange.Changed { Job: var job } => Accepted(job),
            JobChange.NotNow { Job: { State: JobState.Cancelled } job } => Accepted(job),
            JobChange.NotNow { Job: var job } => Problems.Conflict(
                "job-ended", $"Job {id} has ended already (it {job.State.ToString().ToLowerInvariant()})."),
            _ => Problems.NotFound("job", id.ToString()),
        };

    private static async Task<Results<Accepted<Job>, ProblemHttpResult>> RetryAsync(
        Guid id, JobStore store, CancellationToken cancellationToken) =>
        await store.RetryAsync(id, cancellationToken) switch
        {
            JobChange.Changed { Job: var job } => Accepted(job),
            JobChange.NotNow { Job: var job } => Problems.Conflict(
                "job-not-failed",
                $"Job {id} is {job.State.ToString().ToLowerInvariant()}; "
                + "only failed and cancelled jobs can be retried."),
            _ => Problems.NotFound("job", id.ToString()),
        };

    private static Accepted<Job> Accepted(Job job) => TypedResults.Accepted($"/api/v1/jobs/{job.Id}", job);
}
