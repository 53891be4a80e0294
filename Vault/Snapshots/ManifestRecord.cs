using Continuity.Vault.Files;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Snapshots;

/// <summary>Reads and writes the records of a manifest chunk.</summary>
internal static class ManifestRecord
{
    private const int MinimumAttributeBytes = 2;

    /// <summary>Writes the body of a record.</summary>
    /// <param name="writer">Gets the body.</param>
    /// <param name="entry">What to write.</param>
    /// <param name="previousPath">The path of the record before in this chunk; empty in the first.</param>
    public static void Write(FormatWriter writer, ManifestEntry entry, ReadOnlySpan<byte> previousPath)
    {
        writer.Byte((byte)entry.Type);
        if (entry.Type != EntryType.MoreExtents)
        {
            WriteCommon(writer, entry, previousPath);
        }

        switch (entry.Type)
        {
            case EntryType.File:
                writer.VarInt(entry.Stat.Size);
                WriteExtents(writer, entry.Extents);
                break;
            case EntryType.MoreExtents:
                WriteExtents(writer, entry.Extents);
                break;
            case EntryType.SymbolicLink or EntryType.HardLink:
                writer.Bytes(entry.Target);
                break;
            case EntryType.CharacterDevice or EntryType.BlockDevice:
                writer.VarInt(entry.Stat.NodeDevice);
                break;
        }
    }

    /// <summary>Reads the body of a record.</summary>
    /// <param name="body">The body.</param>
    /// <param name="source">What it is from, for messages.</param>
    /// <param name="previousPath">The path of the record before in this chunk; empty in the first.</param>
    public static ManifestEntry Read(ReadOnlySpan<byte> body, string source, ReadOnlySpan<byte> previousPath)
    {
        var reader = new FormatReader(body, source);
        var type = (EntryType)reader.Byte();
        if (type is < EntryType.Folder or > EntryType.MoreExtents)
        {
            throw reader.Broken($"record type {type} is unknown");
        }

        var entry = type == EntryType.MoreExtents
            ? new ManifestEntry { Type = type, Path = previousPath.ToArray(), Stat = default }
            : ReadCommon(ref reader, type, previousPath);
        switch (type)
        {
            case EntryType.File:
                var size = reader.VarInt64();
                entry = entry with { Stat = entry.Stat with { Size = size }, Extents = ReadExtents(ref reader) };
                break;
            case EntryType.MoreExtents:
                entry = entry with { Extents = ReadExtents(ref reader) };
                break;
            case EntryType.SymbolicLink or EntryType.HardLink:
                entry = entry with { Target = reader.Bytes(FormatLimits.PathBytes).ToArray() };
                break;
            case EntryType.CharacterDevice or EntryType.BlockDevice:
                entry = entry with { Stat = entry.Stat with { NodeDevice = reader.VarInt() } };
                break;
        }

        reader.ExpectEnd();
        return IsSound(entry) ? entry : throw reader.Broken($"the path '{entry.DisplayPath}' could leave the target");
    }

    // What a hard link points at is a path of the tree too; a symbolic link's target is only ever stored.
    private static bool IsSound(ManifestEntry entry) =>
        FilePath.IsSafe(entry.Path) && (entry.Type != EntryType.HardLink || FilePath.IsSafe(entry.Target));

    private static void WriteCommon(FormatWriter writer, ManifestEntry entry, ReadOnlySpan<byte> previousPath)
    {
        var shared = previousPath.CommonPrefixLength(entry.Path);
        var stat = entry.Stat;
        writer.VarInt(shared);
        writer.Bytes(entry.Path.AsSpan(shared));
        writer.VarInt(stat.Mode);
        writer.VarInt(stat.User);
        writer.VarInt(stat.Group);
        writer.Int64(stat.Modified);
        writer.Int64(stat.Changed);
        writer.VarInt(stat.Inode);
        writer.VarInt(stat.Device);
        writer.VarInt(entry.Attributes.Count);
        foreach (var attribute in entry.Attributes)
        {
            writer.Bytes(attribute.Name);
            writer.Bytes(attribute.Value);
        }
    }

    private static ManifestEntry ReadCommon(ref FormatReader reader, EntryType type, ReadOnlySpan<byte> previousPath)
    {
        var shared = reader.VarInt(previousPath.Length);
        var rest = reader.Bytes(FormatLimits.PathBytes - shared);
        byte[] path = [.. previousPath[..shared], .. rest];
        var stat = new FileStat
        {
            RawMode = (int)ManifestEntry.KindOf(type) | reader.VarInt(0xfff),
            User = (uint)reader.VarInt(),
            Group = (uint)reader.VarInt(),
            Modified = reader.Int64(),
            Changed = reader.Int64(),
            Inode = reader.VarInt(),
            Device = reader.VarInt(),
        };
        var attributes = new ExtendedAttribute[reader.Count(MinimumAttributeBytes)];
        for (var i = 0; i < attributes.Length; i++)
        {
            attributes[i] = new ExtendedAttribute(
                reader.Bytes(FormatLimits.AttributeBytes).ToArray(),
                    reader.Bytes(FormatLimits.AttributeBytes).ToArray());
        }

        return new ManifestEntry { Type = type, Path = path, Stat = stat, Attributes = attributes };
    }

    private static void WriteExtents(FormatWriter writer, IReadOnlyList<Extent> extents)
    {
        writer.VarInt(extents.Count);
        foreach (var extent in extents)
        {
            extent.WriteTo(writer);
        }
    }

    private static Extent[] ReadExtents(ref FormatReader reader)
    {
        var count = reader.Count(Extent.MinimumBytes);
        if (count > FormatLimits.ExtentsPerRecord)
        {
            throw reader.Broken($"a record holds {count} extents");
        }

        var extents = new Extent[count];
        for (var i = 0; i < count; i++)
        {
            extents[i] = Extent.Read(ref reader);
        }

        return extents;
    }
}
