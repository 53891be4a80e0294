using System.ComponentModel.DataAnnotations;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.Reliability;
using Continuity.ControlPlane.Faults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Reliability;

internal static class FaultEndpoints
{
    public static RouteGroupBuilder MapFaults(this IEndpointRouteBuilder routes)
    {
        var faults = routes.MapGroup("/faults");
        faults.MapGet("/", ListAsync).WithName("ListFaults").WithSummary("The faults on record").ForViewers();
        faults.MapPut("/{id}", PutAsync).WithName("PutFault")
            .WithSummary("Record what an incident or a drill showed, or put it right").ForOperators();
        faults.MapDelete("/{id}", DeleteAsync).WithName("DeleteFault")
            .WithSummary("Take a fault off the record").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound);
        return faults;
    }

    private static async Task<Ok<Page<Fault>>> ListAsync(
        [AsParameters] PageQuery page, FaultStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(page.After, page.Take, cancellationToken));

    private static async Task<Results<Ok<Fault>, Created<Fault>, ValidationProblem>> PutAsync(
        [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)] string id,
        ObservedFault request, FaultStore store, CancellationToken cancellationToken)
    {
        var (fault, created) = await store.PutAsync(id, request, cancellationToken);
        return created
            ? TypedResults.Created($"/api/v1/reliability/faults/{id}", fault)
            : TypedResults.Ok(fault);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, FaultStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("fault", id);
}
