using System.Buffers.Binary;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Packs;

/// <summary>A chunk in a pack: what its frame holds and where it is.</summary>
/// <param name="Id">The chunk's id.</param>
/// <param name="Codec">How the payload is encoded.</param>
/// <param name="Depth">0 for a chunk on its own; else one more than its base's.</param>
/// <param name="RawLength">Bytes of the chunk.</param>
/// <param name="PayloadLength">Bytes of the encoded form, without the tag.</param>
/// <param name="BaseId">The chunk that this one is encoded against, if <paramref name="Depth"/> isn't 0.</param>
internal readonly record struct PackEntry(
    ChunkId Id, byte Codec, byte Depth, int RawLength, int PayloadLength, ChunkId BaseId)
{
    public const int AssociatedBytes = 70;

    /// <summary>The fewest bytes that an entry takes in a footer or index.</summary>
    public const int MinimumBytes = ChunkId.Length + 4;

    public bool HasBase => Depth > 0;

    /// <summary>Bytes of the frame in the pack.</summary>
    public int FrameLength => PayloadLength + PackLayout.TagBytes;

    public static PackEntry Read(ref FormatReader reader)
    {
        var id = reader.ChunkId();
        var codec = reader.Byte();
        var depth = reader.Byte();
        if (depth > FormatLimits.MaximumDepth)
        {
            throw reader.Broken($"chunk {id} is {depth} bases deep");
        }

        var rawLength = reader.VarInt(FormatLimits.ChunkBytes);
        var payloadLength = reader.VarInt(rawLength + FormatLimits.PayloadSlackBytes);
        return new PackEntry(id, codec, depth, rawLength, payloadLength, depth > 0 ? reader.ChunkId() : default);
    }

    public void WriteTo(FormatWriter writer)
    {
        writer.ChunkId(Id);
        writer.Byte(Codec);
        writer.Byte(Depth);
        writer.VarInt(RawLength);
        writer.VarInt(PayloadLength);
        if (HasBase)
        {
            writer.ChunkId(BaseId);
        }
    }

    /// <summary>Writes what the frame's tag covers besides the payload: a frame taken for another chunk doesn't
    /// open.</summary>
    public void WriteAssociatedData(Span<byte> destination)
    {
        Id.WriteTo(destination);
        destination[32] = Codec;
        destination[33] = Depth;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[34..], (uint)RawLength);
        BaseId.WriteTo(destination[38..]);
    }
}
