using System.Buffers.Binary;

namespace Continuity.Vault.Formats;

/// <summary>The keyed check of a chunk's raw bytes, by which a later backup recognises the chunk without computing its
/// id.</summary>
/// <remarks>It is secret, as its key is: it has no text form, and is written into manifests only.</remarks>
internal readonly record struct ChunkCheck(ulong First, ulong Second)
{
    public const int Length = 16;

    public static ChunkCheck Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, First);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Second);
    }

    // Evenly spread over the keys: any part of it is a good hash.
    public override int GetHashCode() => (int)First;

    public override string ToString() => nameof(ChunkCheck);
}
