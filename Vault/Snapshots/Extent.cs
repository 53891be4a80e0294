using Continuity.Vault.Formats;

namespace Continuity.Vault.Snapshots;

/// <summary>What an extent of a file is made of; the numbers are part of the format.</summary>
internal enum ExtentKind : byte
{
    Hole = 0,
    WholeChunk = 1,
    PartOfChunk = 2,

    /// <summary>As it is written: in memory a whole chunk that has a check.</summary>
    CheckedChunk = 3,
}

/// <summary>A piece of a file: a hole, a chunk, or part of one.</summary>
internal readonly record struct Extent(
    ExtentKind Kind, ChunkId Chunk, int Offset, long Length, ChunkCheck? Check = null)
{
    public const int MinimumBytes = 2;

    public bool IsHole => Kind == ExtentKind.Hole;

    public static Extent Hole(long length) => new(ExtentKind.Hole, default, 0, length);

    public static Extent Whole(ChunkId chunk, int length, ChunkCheck? check = null) =>
        new(ExtentKind.WholeChunk, chunk, 0, length, check);

    public static Extent Part(ChunkId chunk, int offset, int length) =>
        new(ExtentKind.PartOfChunk, chunk, offset, length);

    public static Extent Read(ref FormatReader reader)
    {
        var kind = (ExtentKind)reader.Byte();
        switch (kind)
        {
            case ExtentKind.Hole:
                return Hole(reader.VarInt64());
            case ExtentKind.WholeChunk:
                return Whole(reader.ChunkId(), reader.VarInt(FormatLimits.ChunkBytes));
            case ExtentKind.PartOfChunk:
                var chunk = reader.ChunkId();
                var offset = reader.VarInt(FormatLimits.ChunkBytes);
                return Part(chunk, offset, reader.VarInt(FormatLimits.ChunkBytes - offset));
            case ExtentKind.CheckedChunk:
                var whole = Whole(reader.ChunkId(), reader.VarInt(FormatLimits.ChunkBytes));
                return whole with { Check = ChunkCheck.Read(reader.Take(ChunkCheck.Length)) };
            default:
                throw reader.Broken($"extent kind {kind} is unknown");
        }
    }

    public void WriteTo(FormatWriter writer)
    {
        writer.Byte((byte)(Check is null ? Kind : ExtentKind.CheckedChunk));
        if (!IsHole)
        {
            writer.ChunkId(Chunk);
        }

        if (Kind == ExtentKind.PartOfChunk)
        {
            writer.VarInt(Offset);
        }

        writer.VarInt(Length);
        if (Check is { } check)
        {
            writer.ChunkCheck(check);
        }
    }

    /// <summary>Whether the other has the same bytes for the same reason; one of them may have a check.</summary>
    public bool IsSameContent(Extent other) => this with { Check = null } == other with { Check = null };
}
