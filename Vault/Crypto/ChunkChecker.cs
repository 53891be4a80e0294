using System.Security.Cryptography;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Crypto;

/// <summary>Computes the checks of chunks: Poly1305 under one secret key, five times as fast as an id. One instance
/// serves one thread.</summary>
/// <remarks>The platform offers Poly1305 as the tag of ChaCha20-Poly1305. One nonce for all chunks would be a grave
/// mistake for a message's tag that others see; here it makes a universal hash, whose values and key nobody sees who
/// hasn't the repository key, and under whose key nothing is ever encrypted.</remarks>
internal sealed class ChunkChecker : IDisposable
{
    private const int NonceBytes = 12;

    private readonly ChaCha20Poly1305 _cipher;

    public ChunkChecker(byte[] key) => _cipher = new ChaCha20Poly1305(key);

    /// <summary>Makes one, or null for a writer's keys, or where the platform has no Poly1305: then every id is
    /// computed.</summary>
    public static ChunkChecker? Create(KeyRing keys) =>
        keys.ChunkCheckKey is { } key && ChaCha20Poly1305.IsSupported ? new ChunkChecker(key) : null;

    public ChunkCheck Compute(ReadOnlySpan<byte> raw)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> tag = stackalloc byte[ChunkCheck.Length];
        nonce.Clear();
        _cipher.Encrypt(nonce, default, default, tag, raw);
        return ChunkCheck.Read(tag);
    }

    public void Dispose() => _cipher.Dispose();
}
