using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Authentication;

/// <summary>Lets in who shows a known key that is in time and has the role.</summary>
internal static class CallerCheck
{
    /// <returns>Nothing when the caller may call models; otherwise what to answer.</returns>
    public static ApiError? Check(HttpContext context, RoutingTable table, Clock clock, out Caller? caller)
    {
        caller = Identify(context, table, clock);
        return caller is null ? Unauthorized()
            : !caller.MayCallModels ? Forbidden("call models; it needs the role client")
            : null;
    }

    /// <summary>Who shows a valid key, or nothing.</summary>
    public static Caller? Identify(HttpContext context, RoutingTable table, Clock clock)
    {
        var caller = table.Keys.Find(KeyReader.Read(context.Request.Headers));
        return caller?.ExpiresAt is { } end && end <= clock.Time.GetUtcNow() ? null : caller;
    }

    public static ApiError Unauthorized() => new(
        StatusCodes.Status401Unauthorized, "authentication_error", "invalid_api_key",
        "No valid API key was shown; send one as \"Authorization: Bearer <key>\".");

    public static ApiError Forbidden(string what) => new(
        StatusCodes.Status403Forbidden, "permission_error", "insufficient_role", $"This key may not {what}.");
}
