using System.Buffers.Binary;

namespace Continuity.Vault.Formats;

/// <summary>The keyed digest of a chunk's raw bytes. Ids order as their bytes do and are evenly spread.</summary>
internal readonly record struct ChunkId(ulong First, ulong Second, ulong Third, ulong Fourth) : IComparable<ChunkId>
{
    public const int Length = 32;

    public static ChunkId Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, First);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], Third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], Fourth);
    }

    public int CompareTo(ChunkId other)
    {
        var first = First.CompareTo(other.First);
        if (first != 0)
        {
            return first;
        }

        var second = Second.CompareTo(other.Second);
        return second != 0 ? second
            : Third.CompareTo(other.Third) is var third and not 0 ? third
            : Fourth.CompareTo(other.Fourth);
    }

    // The id is a digest: any part of it is a good hash.
    public override int GetHashCode() => (int)First;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        WriteTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
