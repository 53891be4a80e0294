using System.Collections.Frozen;
using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace Continuity.Gateway.Forwarding;

/// <summary>Which headers go through, in both directions.</summary>
internal static class HeaderRules
{
    // Hop-by-hop headers (RFC 9110, 7.6.1) and what this gateway sets or must not tell. Keys end here: a replica has no
    // use for them. Compressed answers can't be read for continuation, so none are asked for.
    private static readonly FrozenSet<string> NotSentOn = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Host", "Content-Length", "Content-Type", "Expect", "Accept-Encoding",
        "Authorization", "x-api-key", "Cookie", RequestHeaders.RequestId, RequestHeaders.Timeout, "traceparent",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NotSentBack = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Trailer", "Transfer-Encoding", "Upgrade",
        "Content-Length", "Server", "Date", RequestHeaders.RequestId,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies a request's headers onto the message for a replica.</summary>
    public static void CopyRequest(HttpRequest from, HttpRequestMessage to)
    {
        var nominated = from.Headers.Connection;
        foreach (var (name, values) in from.Headers)
        {
            if (!IsSentOn(name, nominated))
            {
                continue;
            }

            if (values.Count == 1)
            {
                to.Headers.TryAddWithoutValidation(name, values[0]);
            }
            else
            {
                to.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        var parent = Activity.Current?.Id ?? from.Headers.TraceParent.ToString();
        if (parent.Length > 0)
        {
            to.Headers.TryAddWithoutValidation("traceparent", parent);
        }
    }

    /// <summary>Whether a replica gets this header of a request.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="nominated">The request's Connection headers: those that they name end here too.</param>
    public static bool IsSentOn(string name, StringValues nominated) =>
        !NotSentOn.Contains(name) && (nominated.Count == 0 || !IsNominated(nominated, name));

    /// <summary>Whether a client gets this header of an answer.</summary>
    public static bool IsSentBack(string name) => !NotSentBack.Contains(name);

    private static bool IsNominated(StringValues connection, string name)
    {
        foreach (var line in connection)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[part].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
