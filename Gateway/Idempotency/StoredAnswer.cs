using Microsoft.Extensions.Primitives;

namespace Continuity.Gateway.Idempotency;

/// <summary>An answer as the first request with its key got it.</summary>
internal sealed record StoredAnswer(int Status, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, byte[] Body)
{
    public int Size => Body.Length + (Headers.Count * 64);
}
