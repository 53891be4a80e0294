using Continuity.Vault.Chunks;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Repositories;

/// <summary>The parameters of a repository, fixed when it is made.</summary>
internal sealed record RepositoryConfig
{
    public const int DefaultPackBytes = 16 << 20;

    // 1 MiB of parity is at most 3 % of the pack it mends.
    public const int ParityPackBytes = 40 << 20;

    public long Created { get; init; }

    public ChunkerParameters Chunking { get; init; } = ChunkerParameters.LargeFiles;

    public int PackBytes { get; init; } = DefaultPackBytes;

    public bool Parity { get; init; }

    public byte[] PublicKey { get; init; } = [];

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new FormatWriter();
        writer.Int64(Created);
        writer.VarInt(Chunking.MinimumBytes);
        writer.VarInt(Chunking.TargetBytes);
        writer.VarInt(Chunking.MaximumBytes);
        writer.VarInt(PackBytes);
        writer.Byte(Parity ? (byte)1 : (byte)0);
        writer.Bytes(PublicKey);
        return writer.Memory;
    }

    public static RepositoryConfig Read(ReadOnlySpan<byte> content, string blobName)
    {
        var reader = new FormatReader(content, blobName);
        var created = reader.Int64();
        var minimum = reader.VarInt(FormatLimits.ChunkBytes);
        var target = reader.VarInt(FormatLimits.ChunkBytes);
        var maximum = reader.VarInt(FormatLimits.ChunkBytes);
        var config = new RepositoryConfig
        {
            Created = created,
            Chunking = Sizes(minimum, target, maximum, blobName),
            PackBytes = reader.VarInt(FormatLimits.PackBytes),
            Parity = reader.Byte() != 0,
            PublicKey = reader.Bytes(BlobHeader.EphemeralKeyBytes).ToArray(),
        };
        reader.ExpectEnd();
        return config.PackBytes >= FormatLimits.ChunkBytes * 2
            ? config
            : throw reader.Broken($"packs of {config.PackBytes} bytes are too small");
    }

    private static ChunkerParameters Sizes(int minimum, int target, int maximum, string blobName)
    {
        try
        {
            return new ChunkerParameters(minimum, target, maximum);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new CorruptBlobException(blobName, "its chunk sizes are out of range", exception);
        }
    }
}
