using System.IO.Hashing;

namespace Continuity.Vault.Codecs;

/// <summary>A payload that begins with a checksum of the chunk's raw bytes, under the same authentication as the
/// rest.</summary>
/// <remarks>The writer computes it from the bytes that it takes the id of, before it encodes them. So who trusts the
/// pack's writer needs no second SHA-256 to know that a chunk was decoded to what it was; XxHash128 takes a tenth of
/// the time.</remarks>
internal static class ChecksummedPayload
{
    /// <summary>The bytes that the payload is longer by.</summary>
    public const int ChecksumBytes = 16;

    // Codec ids of this and above: the same codec without this bit, behind a checksum.
    private const byte Mark = 0x80;

    /// <summary>The id to store for a codec whose payload has a checksum.</summary>
    public static byte CodecId(ChunkCodec codec) => (byte)((byte)codec | Mark);

    /// <summary>Whether payloads of a codec id have a checksum.</summary>
    public static bool HasChecksum(byte codecId) => (codecId & Mark) != 0;

    /// <summary>The codec that a stored id stands for, with or without a checksum.</summary>
    public static ChunkCodec CodecOf(byte codecId) => (ChunkCodec)(codecId & ~Mark);

    /// <summary>Writes the checksum at the start of a payload.</summary>
    public static void Write(ReadOnlySpan<byte> raw, Span<byte> payload) =>
        XxHash128.Hash(raw, payload);

    /// <summary>Compares decoded bytes with the checksum at the start of their payload.</summary>
    public static bool Fits(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> payload)
    {
        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        XxHash128.Hash(raw, checksum);
        return payload.StartsWith(checksum);
    }
}
