namespace Continuity.Gateway.Authentication;

/// <summary>Finds the key that a request shows: <c>Authorization: Bearer</c>, or <c>x-api-key</c>.</summary>
internal static class KeyReader
{
    private const string Bearer = "Bearer ";

    public static ReadOnlySpan<char> Read(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization;
        if (authorization.Count == 1)
        {
            var text = authorization[0].AsSpan();
            return text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..].Trim() : default;
        }

        // Two keys in one request are none: which of them counts must not depend on who reads it.
        return authorization.Count == 0 && headers.TryGetValue("x-api-key", out var key) && key.Count == 1
            ? key[0].AsSpan().Trim()
            : default;
    }
}
