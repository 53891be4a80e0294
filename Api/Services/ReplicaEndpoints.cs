using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Services;

internal static class ReplicaEndpoints
{
    public static RouteGroupBuilder MapReplicas(this IEndpointRouteBuilder routes)
    {
        var replicas = routes.MapGroup("/services/{name}/replicas").WithTags("Replicas");
        replicas.MapGet("/", ListReplicasAsync)
            .WithName("ListReplicas").WithSummary("A service's replicas").ForViewers();
        replicas.MapGet("/{id}", GetReplicaAsync).WithName("GetReplica").WithSummary("One replica").ForViewers()
            .ProducesProblem(StatusCodes.Status404NotFound);
        replicas.MapPut("/{id}", PutReplicaAsync)
            .WithName("PutReplica").WithSummary("Declare a replica, or change it").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        replicas.MapDelete("/{id}", DeleteReplicaAsync)
            .WithName("DeleteReplica").WithSummary("Delete a replica").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound);
        return replicas;
    }

    private static async Task<Results<Ok<Page<Replica>>, ProblemHttpResult>> ListReplicasAsync(
        string name, [AsParameters] PageQuery page, ReplicaStore store, ServiceStore services,
        CancellationToken cancellationToken)
    {
        var service = ServiceEndpoints.Unescape(name);
        return await services.FindAsync(service, cancellationToken) is null
            ? Problems.NotFound("service", service)
            : TypedResults.Ok(await store.ListAsync(service, page.After, page.Take, cancellationToken));
    }

    private static async Task<Results<Ok<Replica>, ProblemHttpResult>> GetReplicaAsync(
        string name, string id, ReplicaStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(ServiceEndpoints.Unescape(name), id, cancellationToken) is { } replica
            ? TypedResults.Ok(replica)
            : Problems.NotFound("replica", id);

    private static async Task<Results<Ok<Replica>, Created<Replica>, ValidationProblem,
        ProblemHttpResult>> PutReplicaAsync(
        string name,
        [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)] string id,
        PutReplicaRequest request, ReplicaStore store, CancellationToken cancellationToken)
    {
        var service = ServiceEndpoints.Unescape(name);
        return await store.PutAsync(service, id, request, cancellationToken) switch
        {
            PutReplica.Stored { Created: true, Replica: var replica } =>
                TypedResults.Created($"/api/v1/services/{name}/replicas/{id}", replica),
            PutReplica.Stored { Replica: var replica } => TypedResults.Ok(replica),
            PutReplica.UnknownService => Problems.NotFound("service", service),
            PutReplica.UnknownSite => Problems.Invalid("site", $"Site '{request.Site}' is not declared."),
            PutReplica.UnknownDomains { Names: var unknown } => Problems.Invalid(
                "domains",
                $"Site '{request.Site}' declares no failure domain {string.Join(", ", unknown)}; "
                + "declare it there first."),
            PutReplica.OfAnotherService { Service: var other } => Problems.Conflict(
                "replica-of-another-service", $"Replica '{id}' belongs to service '{other}'; choose another id."),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteReplicaAsync(
        string name, string id, ReplicaStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(ServiceEndpoints.Unescape(name), id, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound("replica", id);
}
