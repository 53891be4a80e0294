using System.ComponentModel.DataAnnotations;
using Continuity.Api.Authentication;
using Continuity.Contracts.Routing;
using Continuity.ControlPlane.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Routing;

internal static class RoutingEndpoints
{
    private const int MaxWaitSeconds = 60;

    public static void MapRouting(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/routing", GetRoutingAsync).WithTags("Routing")
            .WithName("GetRouting").WithSummary("The routing snapshot").ForOperators()
            .Produces<RoutingSnapshot>()
            .Produces(StatusCodes.Status304NotModified);

    /// <summary>
    /// The routing snapshot as soon as it's another version than the caller has, or 304 after so many seconds.
    /// </summary>
    private static async Task<Results<JsonHttpResult<RoutingSnapshot>, StatusCodeHttpResult>> GetRoutingAsync(
        HttpContext context, RoutingFeed feed, CancellationToken cancellationToken,
        [Range(0, long.MaxValue)] long after = 0, [Range(0, MaxWaitSeconds)] int wait = 0)
    {
        var snapshot = await feed.NextAsync(after, TimeSpan.FromSeconds(wait), cancellationToken);
        context.Response.Headers.ETag = $"\"{snapshot?.Version ?? after}\"";
        context.Response.Headers.CacheControl = "no-store";
        return snapshot is null
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Json(snapshot, RoutingJson.Options);
    }
}
