using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.ArtefactSets;
using Continuity.ControlPlane.Protection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.ArtefactSets;

internal static class ArtefactSetEndpoints
{
    public static RouteGroupBuilder MapArtefactSets(this IEndpointRouteBuilder routes)
    {
        var sets = routes.MapGroup("/artefact-sets").WithTags("Artefact sets");
        sets.MapGet("/", ListAsync).WithName("ListArtefactSets").WithSummary("Artefact sets").ForViewers();
        sets.MapGet("/{name}", GetAsync).WithName("GetArtefactSet").WithSummary("One artefact set").ForViewers()
            .ProducesProblem(StatusCodes.Status404NotFound);
        sets.MapPut("/{name}", PutAsync)
            .WithName("PutArtefactSet").WithSummary("Declare an artefact set, or change it").ForOperators();
        sets.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteArtefactSet").WithSummary("Delete an artefact set; its files stay").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        return sets;
    }

    private static async Task<Ok<Page<ArtefactSet>>> ListAsync(
        [AsParameters] PageQuery page, ArtefactSetStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(page.After, page.Take, cancellationToken));

    private static async Task<Results<Ok<ArtefactSet>, ProblemHttpResult>> GetAsync(
        string name, ArtefactSetStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(name, cancellationToken) is { } set
            ? TypedResults.Ok(set)
            : Problems.NotFound("artefact set", name);

    private static async Task<Results<Ok<ArtefactSet>, Created<ArtefactSet>, ValidationProblem>> PutAsync(
        [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)] string name,
        PutArtefactSetRequest request, ArtefactSetStore store, CancellationToken cancellationToken) =>
        await store.PutAsync(name, request, cancellationToken) switch
        {
            PutArtefactSet.Stored { Created: true, Set: var set } =>
                TypedResults.Created($"/api/v1/artefact-sets/{name}", set),
            PutArtefactSet.Stored { Set: var set } => TypedResults.Ok(set),
            PutArtefactSet.Invalid { Errors: var errors } => TypedResults.ValidationProblem(errors),
            _ => throw new UnreachableException(),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string name, ArtefactSetStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(name, cancellationToken) switch
        {
            ArtefactSetDeletion.Deleted => TypedResults.NoContent(),
            ArtefactSetDeletion.HasUnfinishedJobs => Problems.Conflict(
                "unfinished-jobs", $"Artefact set '{name}' has jobs that wait or run; cancel them or let them end."),
            _ => Problems.NotFound("artefact set", name),
        };
}
