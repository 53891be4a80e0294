using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Continuity.Vault.Chunks;

/// <summary>The secret numbers behind a repository's cut points, derived from its key.</summary>
/// <remarks>
/// <para>The gear hash (Xia et al., "Ddelta", 2014) adds a random number per byte value: <c>h = (h &lt;&lt; 1) +
/// T[byte]</c>. Here 16 bits are kept, hence a window of 16 bytes, and <c>T[b] = L[b and 15] xor H[b
/// >> 4]</c>, so that vector units look a byte up with one shuffle per nibble instead of sixteen.</para>
/// <para>A gear table alone can be solved from known cuts, since the hash is linear. A candidate is therefore confirmed
/// by HMAC-SHA-256 of the 64 bytes before it, under a key of its own: who lacks the repository's key cannot compute the
/// cut points of a known file and look for their lengths. Immutable and thread-safe.</para>
/// </remarks>
public sealed class GearTable
{
    /// <summary>The length of the key that <see cref="Derive"/> takes.</summary>
    public const int KeyBytes = 32;

    /// <summary>Bits kept of the hash, and the bytes of its window.</summary>
    internal const int HashBits = 16;

    /// <summary>Bytes before a candidate that the confirmation covers.</summary>
    internal const int ConfirmWindowBytes = 64;

    private const int NibbleTableBytes = 16 * sizeof(ushort);

    private readonly ushort[] _words = new ushort[256];
    private readonly byte[] _confirmKey;

    private GearTable(ReadOnlySpan<byte> material)
    {
        Span<ushort> low = stackalloc ushort[16];
        Span<ushort> high = stackalloc ushort[16];
        Span<byte> planes = stackalloc byte[64];
        for (var nibble = 0; nibble < 16; nibble++)
        {
            low[nibble] = BinaryPrimitives.ReadUInt16LittleEndian(material[(2 * nibble)..]);
            high[nibble] = BinaryPrimitives.ReadUInt16LittleEndian(material[(NibbleTableBytes + (2 * nibble))..]);
            planes[nibble] = (byte)low[nibble];
            planes[16 + nibble] = (byte)(low[nibble] >> 8);
            planes[32 + nibble] = (byte)high[nibble];
            planes[48 + nibble] = (byte)(high[nibble] >> 8);
        }

        LowNibbleLowBytes = Vector128.Create(planes[..16]);
        LowNibbleHighBytes = Vector128.Create(planes[16..32]);
        HighNibbleLowBytes = Vector128.Create(planes[32..48]);
        HighNibbleHighBytes = Vector128.Create(planes[48..]);
        for (var value = 0; value < 256; value++)
        {
            _words[value] = (ushort)(low[value & 15] ^ high[value >> 4]);
        }

        _confirmKey = material[(2 * NibbleTableBytes)..].ToArray();
    }

    /// <summary>The number for each byte value.</summary>
    internal ReadOnlySpan<ushort> Words => _words;

    internal Vector128<byte> LowNibbleLowBytes { get; }

    internal Vector128<byte> LowNibbleHighBytes { get; }

    internal Vector128<byte> HighNibbleLowBytes { get; }

    internal Vector128<byte> HighNibbleHighBytes { get; }

    /// <summary>Derives the table of a repository by HKDF-Expand with SHA-256 (RFC 5869).</summary>
    /// <param name="repositoryKey">32 bytes with full entropy; a subkey made for chunking.</param>
    /// <exception cref="ArgumentException">The key has another length than <see cref="KeyBytes"/>.</exception>
    public static GearTable Derive(ReadOnlySpan<byte> repositoryKey)
    {
        if (repositoryKey.Length != KeyBytes)
        {
            throw new ArgumentException(
                $"A chunking key has {KeyBytes} bytes, not {repositoryKey.Length}.", nameof(repositoryKey));
        }

        Span<byte> material = stackalloc byte[(2 * NibbleTableBytes) + HMACSHA256.HashSizeInBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, repositoryKey, material, "continuity vault gear table 1"u8);
        return new GearTable(material);
    }

    /// <summary>Computes 64 keyed pseudo-random bits of the window that ends at a candidate.</summary>
    internal ulong Confirm(ReadOnlySpan<byte> window)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_confirmKey, window, digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }
}
