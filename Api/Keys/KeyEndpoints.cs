using System.ComponentModel.DataAnnotations;
using Continuity.Api.Authentication;
using Continuity.Api.Errors;
using Continuity.Contracts;
using Continuity.Contracts.Keys;
using Continuity.ControlPlane.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Continuity.Api.Keys;

internal static class KeyEndpoints
{
    public static RouteGroupBuilder MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/keys").WithTags("Keys").ForAdmins();
        keys.MapGet("/", ListAsync).WithName("ListKeys").WithSummary("API keys, without their secrets");
        keys.MapPost("/", CreateAsync).WithName("CreateKey").WithSummary("Make an API key; its secret is told once");
        keys.MapDelete("/{id}", RevokeAsync)
            .WithName("RevokeKey").WithSummary("Revoke an API key").ProducesProblem(StatusCodes.Status404NotFound);
        return keys;
    }

    public static RouteGroupBuilder MapTenants(this IEndpointRouteBuilder routes)
    {
        var tenants = routes.MapGroup("/tenants").WithTags("Tenants").ForAdmins();
        tenants.MapGet("/", ListTenantsAsync).WithName("ListTenants").WithSummary("Tenants and their limits");
        tenants.MapPut("/{name}", PutTenantAsync)
            .WithName("PutTenant").WithSummary("Declare a tenant, or change its limits");
        tenants.MapDelete("/{name}", DeleteTenantAsync).WithName("DeleteTenant").WithSummary("Delete a tenant")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return tenants;
    }

    private static async Task<Ok<Page<ApiKey>>> ListAsync(
        [AsParameters] PageQuery page, KeyStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(page.After, page.Take, cancellationToken));

    /// <summary>Makes a key. It is in this answer and nowhere else.</summary>
    private static async Task<Created<CreatedKey>> CreateAsync(
        CreateKeyRequest request, HttpContext context, KeyStore store, CancellationToken cancellationToken)
    {
        var created = await store.CreateAsync(request, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/v1/keys/{created.Details.Id}", created);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string id, KeyStore store, CancellationToken cancellationToken) =>
        await store.RevokeAsync(id, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("key", id);

    private static async Task<Ok<IReadOnlyList<Tenant>>> ListTenantsAsync(
        TenantStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(cancellationToken));

    private static async Task<Results<Ok<Tenant>, Created<Tenant>>> PutTenantAsync(
        [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)] string name,
        TenantLimits request, TenantStore store, CancellationToken cancellationToken)
    {
        var (tenant, created) = await store.PutAsync(name, request, cancellationToken);
        return created ? TypedResults.Created($"/api/v1/tenants/{name}", tenant) : TypedResults.Ok(tenant);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteTenantAsync(
        string name, TenantStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(name, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("tenant", name);
}
