namespace Continuity.Gateway.Forwarding;

/// <summary>Refuses requests that tell their length in two ways: the classic way to smuggle a second one in.</summary>
internal static class RequestLength
{
    // What Kestrel calls a Content-Length that came beside a Transfer-Encoding, after it has put it aside.
    private const string PutAside = "X-Content-Length";

    public static bool IsAmbiguous(HttpRequest request) =>
        request.ContentLength is null && request.Headers.ContainsKey(PutAside);

    /// <summary>Says what is wrong, and ends the connection: whoever stands before this gateway may see it
    /// otherwise, and what follows may be no request of its own.</summary>
    public static ApiError Refuse(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return new ApiError(
            StatusCodes.Status400BadRequest, "invalid_request_error", "ambiguous_length",
            "The request has both a Content-Length and a Transfer-Encoding; send one of them.");
    }
}
