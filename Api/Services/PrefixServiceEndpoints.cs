using System.ComponentModel.DataAnnotations;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Services;

internal static class PrefixServiceEndpoints
{
    public static RouteGroupBuilder MapPrefixServices(this IEndpointRouteBuilder routes)
    {
        var services = routes.MapGroup("/prefix-services").WithTags("Prefix services");
        services.MapGet("/", ListAsync)
            .WithName("ListPrefixServices").WithSummary("Other HTTP services, by path prefix").ForViewers();
        services.MapPut("/{name}", PutAsync)
            .WithName("PutPrefixService").WithSummary("Declare an HTTP service, or change it").ForOperators()
            .ProducesProblem(StatusCodes.Status409Conflict);
        services.MapDelete("/{name}", DeleteAsync)
            .WithName("DeletePrefixService").WithSummary("Delete an HTTP service").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound);
        return services;
    }

    private static async Task<Ok<IReadOnlyList<PrefixService>>> ListAsync(
        PrefixServiceStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(cancellationToken));

    private static async Task<Results<Ok<PrefixService>, Created<PrefixService>, ProblemHttpResult>> PutAsync(
        [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)] string name,
        PutPrefixServiceRequest request, PrefixServiceStore store, CancellationToken cancellationToken) =>
        await store.PutAsync(name, request, cancellationToken) switch
        {
            null => Problems.Conflict("prefix-taken", $"Another service has the prefix '{request.Prefix}'."),
            (var service, true) => TypedResults.Created($"/api/v1/prefix-services/{name}", service),
            (var service, false) => TypedResults.Ok(service),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string name, PrefixServiceStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(name, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound("prefix service", name);
}
