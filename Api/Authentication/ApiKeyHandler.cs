using System.Security.Claims;
using System.Text.Encodings.Web;
using Continuity.ControlPlane.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Continuity.Api.Authentication;

/// <summary>
/// Recognises callers by their API key: <c>Authorization: Bearer ck_...</c> or <c>x-api-key: ck_...</c>.
/// </summary>
/// <remarks>Looked up on every request, so that a revoked key is worthless at once.</remarks>
internal sealed class ApiKeyHandler(
    KeyStore keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string TenantClaim = "tenant";
    private const string Bearer = "Bearer ";
    private const string KeyHeader = "x-api-key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // What needs no key must not need the database either: /alive, the reference.
        var key = Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null ? ReadKey() : null;
        if (key is null)
        {
            return AuthenticateResult.NoResult();
        }

        if (!KeyFormat.IsWellFormed(key)
            || await keys.FindValidAsync(KeyFormat.Hash(key), Context.RequestAborted) is not { } details)
        {
            return AuthenticateResult.Fail("The API key is unknown, expired or revoked.");
        }

        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, details.Id));
        identity.AddClaim(new Claim(TenantClaim, details.Tenant));
        identity.AddClaims(details.Roles.Select(role => new Claim(ClaimTypes.Role, role.ToString())));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    private string? ReadKey()
    {
        var authorization = Request.Headers.Authorization;
        if (!StringValues.IsNullOrEmpty(authorization))
        {
            var text = authorization.ToString();
            return text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..].Trim() : text;
        }

        return Request.Headers.TryGetValue(KeyHeader, out var header) ? header.ToString() : null;
    }
}
