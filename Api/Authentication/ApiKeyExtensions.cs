using System.Security.Claims;
using Continuity.Contracts.Keys;
using Microsoft.AspNetCore.Authentication;

namespace Continuity.Api.Authentication;

/// <summary>Who may do what, by the roles of the caller's key.</summary>
internal static class ApiKeyExtensions
{
    public static void AddApiKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, configureOptions: null);

        // What names no policy of its own is closed to everybody but administrators, rather than open by mistake.
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder()
                .RequireRole(nameof(Role.Admin)).Build());
    }

    /// <summary>Reading: everybody but model clients.</summary>
    public static TBuilder ForViewers<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireRoles(Role.Viewer, Role.Operator, Role.Approver, Role.Admin);

    /// <summary>Changing what runs and what is protected.</summary>
    public static TBuilder ForOperators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireRoles(Role.Operator, Role.Admin);

    /// <summary>Keys, and what decides about others.</summary>
    public static TBuilder ForAdmins<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireRoles(Role.Admin);

    /// <summary>The caller's tenant.</summary>
    public static string Tenant(this ClaimsPrincipal caller) =>
        caller.FindFirstValue(ApiKeyHandler.TenantClaim)
        ?? throw new System.Diagnostics.UnreachableException("An authenticated caller has a tenant.");

    private static TBuilder RequireRoles<TBuilder>(this TBuilder endpoint, params Role[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireRole(roles.Select(role => role.ToString())));
}
