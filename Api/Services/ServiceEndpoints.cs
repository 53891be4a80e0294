using System.ComponentModel.DataAnnotations;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Services;

internal static class ServiceEndpoints
{
    public static RouteGroupBuilder MapServices(this IEndpointRouteBuilder routes)
    {
        var services = routes.MapGroup("/services").WithTags("Services");
        services.MapGet("/", ListServicesAsync).WithName("ListServices").WithSummary("Model services").ForViewers();
        services.MapGet("/{name}", GetServiceAsync).WithName("GetService").WithSummary("One model service").ForViewers()
            .ProducesProblem(StatusCodes.Status404NotFound);
        services.MapPut("/{name}", PutServiceAsync)
            .WithName("PutService").WithSummary("Declare a model service, or change it").ForOperators();
        services.MapDelete("/{name}", DeleteServiceAsync)
            .WithName("DeleteService").WithSummary("Delete a model service and its replicas").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound);
        return services;
    }

    /// <summary>Model names hold slashes, which routing leaves escaped so that they don't part the path.</summary>
    internal static string Unescape(string name) => name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task<Ok<Page<Service>>> ListServicesAsync(
        [AsParameters] PageQuery page, ServiceStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(page.After, page.Take, cancellationToken));

    private static async Task<Results<Ok<Service>, ProblemHttpResult>> GetServiceAsync(
        string name, ServiceStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(Unescape(name), cancellationToken) is { } service
            ? TypedResults.Ok(service)
            : Problems.NotFound("service", Unescape(name));

    private static async Task<Results<Ok<Service>, Created<Service>, ValidationProblem>> PutServiceAsync(
        string name, ServiceSettings request, ServiceStore store, CancellationToken cancellationToken)
    {
        var unescaped = Unescape(name);
        var rule = new RegularExpressionAttribute(Names.ServicePattern) { ErrorMessage = Names.ServiceRule };
        if (!rule.IsValid(unescaped))
        {
            return Problems.Invalid("name", rule.FormatErrorMessage("name"));
        }

        var (service, created) = await store.PutAsync(unescaped, request, cancellationToken);
        return created ? TypedResults.Created($"/api/v1/services/{name}", service) : TypedResults.Ok(service);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteServiceAsync(
        string name, ServiceStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(Unescape(name), cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound("service", Unescape(name));
}
