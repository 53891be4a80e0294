using System.Security.Cryptography;

namespace Continuity.Gateway.Forwarding;

/// <summary>A name for each request: the caller's own, or one that no other request of any gateway has.</summary>
internal sealed class RequestIds
{
    private const int MaxLength = 128;
    private readonly string _process = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private long _count;

    public string For(HttpRequest request) =>
        request.Headers.TryGetValue(RequestHeaders.RequestId, out var values) && values.Count == 1
            && IsUsable(values[0])
            ? values[0]! // Checked by IsUsable.
            : $"{_process}-{Interlocked.Increment(ref _count):x8}";

    // It is written into logs and other headers as it is.
    private static bool IsUsable(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
