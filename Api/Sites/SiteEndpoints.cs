using System.ComponentModel.DataAnnotations;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Protection;
using Continuity.ControlPlane.Sites;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Sites;

internal static class SiteEndpoints
{
    public static RouteGroupBuilder MapSites(this IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/sites").WithTags("Sites");
        sites.MapGet("/", ListSitesAsync)
            .WithName("ListSites").WithSummary("Sites, in order of their names").ForViewers();
        sites.MapGet("/{id}", GetSiteAsync).WithName("GetSite").WithSummary("One site").ForViewers()
            .ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapPut("/{id}", PutSiteAsync)
            .WithName("PutSite").WithSummary("Declare a site, or change it").ForOperators();
        sites.MapDelete("/{id}", DeleteSiteAsync)
            .WithName("DeleteSite").WithSummary("Delete a site that nothing uses").ForOperators()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        return sites;
    }

    private static async Task<Ok<Page<Site>>> ListSitesAsync(
        [AsParameters] PageQuery page, SiteStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(page.After, page.Take, cancellationToken));

    private static async Task<Results<Ok<Site>, ProblemHttpResult>> GetSiteAsync(
        string id, SiteStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } site
            ? TypedResults.Ok(site)
            : Problems.NotFound("site", id);

    private static async Task<Results<Ok<Site>, Created<Site>, ValidationProblem>> PutSiteAsync(
        [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)] string id,
        PutSiteRequest request, SiteStore store, CancellationToken cancellationToken)
    {
        var errors = request.StorageRoots
            .Select((root, index) => (Field: $"storageRoots[{index}]", Reason: SitePaths.WhyInvalidRoot(root)))
            .Where(error => error.Reason is not null)
            .ToDictionary(error => error.Field, error => new[] { error.Reason! }); // filtered in the line above
        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var (site, created) = await store.PutAsync(id, request, cancellationToken);
        return created ? TypedResults.Created($"/api/v1/sites/{id}", site) : TypedResults.Ok(site);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteSiteAsync(
        string id, SiteStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(id, cancellationToken) switch
        {
            Deletion.Deleted => TypedResults.NoContent(),
            Deletion.InUse => Problems.Conflict(
                "in-use", $"Site '{id}' still has replicas or artefact sets; move or delete them first."),
            _ => Problems.NotFound("site", id),
        };
}
