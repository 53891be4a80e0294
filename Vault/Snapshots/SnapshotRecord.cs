using System.Text;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Snapshots;

/// <summary>What a backup read and stored.</summary>
public sealed record SnapshotStatistics
{
    /// <summary>Gets the number of files, hard links once.</summary>
    public long Files { get; init; }

    /// <summary>Gets the number of folders.</summary>
    public long Folders { get; init; }

    /// <summary>Gets the number of links, devices and the like.</summary>
    public long Others { get; init; }

    /// <summary>Gets the bytes of all files.</summary>
    public long FileBytes { get; init; }

    /// <summary>Gets the chunks that weren't in the repository.</summary>
    public long NewChunks { get; init; }

    /// <summary>Gets the bytes of these chunks.</summary>
    public long NewRawBytes { get; init; }

    /// <summary>Gets the bytes that they take in the repository.</summary>
    public long NewStoredBytes { get; init; }

    /// <summary>Gets the number of entries that couldn't be read, or changed while they were read.</summary>
    public long Unreadable { get; init; }
}

/// <summary>A chunk of a manifest, in order.</summary>
internal readonly record struct ManifestChunk(ChunkId Id, int RawLength);

/// <summary>The root record of a snapshot.</summary>
internal sealed record SnapshotRecord
{
    public long Time { get; init; }

    public string Host { get; init; } = "";

    public string User { get; init; } = "";

    public string Program { get; init; } = "";

    public IReadOnlyList<byte[]> Roots { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public BlobId? Parent { get; init; }

    public IReadOnlyList<ManifestChunk> Manifest { get; init; } = [];

    public SnapshotStatistics Statistics { get; init; } = new();

    public IReadOnlyList<byte[]> Unreadable { get; init; } = [];

    public string Consistency { get; init; } = "";

    /// <summary>Whether this is a copy of a snapshot that a writer's key made: nothing that the copy is sealed with
    /// tells it any more.</summary>
    public bool IsCopyOfWriterKey { get; init; }

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new FormatWriter(256 + (Manifest.Count * 40));
        var field = new FormatWriter();
        void Add(int number, Action<FormatWriter> content)
        {
            field.Clear();
            content(field);
            writer.VarInt(number);
            writer.Bytes(field.Span);
        }

        Add(1, to => to.Int64(Time));
        Add(2, to => to.Raw(Encoding.UTF8.GetBytes(Host)));
        Add(3, to => to.Raw(Encoding.UTF8.GetBytes(User)));
        Add(4, to => to.Raw(Encoding.UTF8.GetBytes(Program)));
        foreach (var root in Roots)
        {
            Add(5, to => to.Raw(root));
        }

        foreach (var tag in Tags)
        {
            Add(6, to => to.Raw(Encoding.UTF8.GetBytes(tag)));
        }

        if (Parent is { } parent)
        {
            Add(7, to => to.BlobId(parent));
        }

        foreach (var chunk in Manifest)
        {
            Add(8, to =>
            {
                to.ChunkId(chunk.Id);
                to.VarInt(chunk.RawLength);
            });
        }

        Add(9, WriteStatistics);
        foreach (var path in Unreadable)
        {
            Add(10, to => to.Raw(path));
        }

        Add(11, to => to.Raw(Encoding.UTF8.GetBytes(Consistency)));
        if (IsCopyOfWriterKey)
        {
            Add(12, to => to.Byte(1));
        }

        return writer.Memory;
    }

    public static SnapshotRecord Read(ReadOnlySpan<byte> content, string blobName)
    {
        var reader = new FormatReader(content, blobName);
        var roots = new List<byte[]>();
        var tags = new List<string>();
        var manifest = new List<ManifestChunk>();
        var unreadable = new List<byte[]>();
        var record = new SnapshotRecord { Roots = roots, Tags = tags, Manifest = manifest, Unreadable = unreadable };
        while (!reader.AtEnd)
        {
            var number = reader.VarInt();
            var field = new FormatReader(reader.Bytes(), blobName);
            switch (number)
            {
                case 5:
                    roots.Add(field.Take(field.Remaining).ToArray());
                    break;
                case 6:
                    tags.Add(Text(ref field));
                    break;
                case 8:
                    manifest.Add(new ManifestChunk(field.ChunkId(), field.VarInt(FormatLimits.ChunkBytes)));
                    field.ExpectEnd();
                    break;
                case 10:
                    unreadable.Add(field.Take(field.Remaining).ToArray());
                    break;
                default:
                    record = record.WithField(number, ref field);
                    break;
            }
        }

        return record;
    }

    private SnapshotRecord WithField(ulong number, ref FormatReader field) => number switch
    {
        1 => this with { Time = field.Int64() },
        2 => this with { Host = Text(ref field) },
        3 => this with { User = Text(ref field) },
        4 => this with { Program = Text(ref field) },
        7 => this with { Parent = field.BlobId() },
        9 => this with { Statistics = ReadStatistics(ref field) },
        11 => this with { Consistency = Text(ref field) },
        // Whatever it holds: a doubt is never a reason to trust.
        12 => this with { IsCopyOfWriterKey = true },
        // A field of a later program.
        _ => this,
    };

    private static string Text(ref FormatReader field) => Encoding.UTF8.GetString(field.Take(field.Remaining));

    private void WriteStatistics(FormatWriter writer)
    {
        writer.VarInt(Statistics.Files);
        writer.VarInt(Statistics.Folders);
        writer.VarInt(Statistics.Others);
        writer.VarInt(Statistics.FileBytes);
        writer.VarInt(Statistics.NewChunks);
        writer.VarInt(Statistics.NewRawBytes);
        writer.VarInt(Statistics.NewStoredBytes);
        writer.VarInt(Statistics.Unreadable);
    }

    private static SnapshotStatistics ReadStatistics(ref FormatReader field) => new()
    {
        Files = field.VarInt64(),
        Folders = field.VarInt64(),
        Others = field.VarInt64(),
        FileBytes = field.VarInt64(),
        NewChunks = field.VarInt64(),
        NewRawBytes = field.VarInt64(),
        NewStoredBytes = field.VarInt64(),
        Unreadable = field.VarInt64(),
    };
}
