namespace Continuity.Gateway.Forwarding;

/// <summary>Refuses requests with more headers than anybody needs: each attempt would send them on.</summary>
internal sealed class HeaderLimit(int maxBytes)
{
    /// <summary>How many names a request may have.</summary>
    public const int MaxCount = 100;

    /// <summary>Past so many times the limits, nobody reads on to tell the client why.</summary>
    public const int BeyondMeasure = 8;

    public ApiError? Check(IHeaderDictionary headers)
    {
        var bytes = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                bytes += name.Length + (value?.Length ?? 0);
            }
        }

        return bytes <= maxBytes && headers.Count <= MaxCount
            ? null
            : new ApiError(
                StatusCodes.Status431RequestHeaderFieldsTooLarge, "invalid_request_error", "headers_too_large",
                $"The request has {headers.Count} headers of {bytes} bytes; {MaxCount} of {maxBytes} bytes are taken.");
    }
}
