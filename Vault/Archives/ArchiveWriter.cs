using System.Globalization;
using System.Text;
using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Archives;

/// <summary>Writes a tar archive as POSIX describes it: what a header's fields can't hold goes into an extended header
/// before it. Files with holes are written as GNU tar does, so that it and others read them.</summary>
internal sealed class ArchiveWriter(Stream archive)
{
    private const int EndBlocks = 2;

    private static readonly byte[] _zeros = new byte[TarBlock.Bytes];

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">The entry; with all extents if it is a file.</param>
    /// <param name="content">The file's content, holes as zeros; null of anything else.</param>
    public void Write(ManifestEntry entry, Stream? content)
    {
        var isSparse = entry.Extents.Any(extent => extent.IsHole);
        var map = isSparse ? MapOf(entry) : null;
        var mapText = map is null ? [] : TextOf(map);
        var stored = (map?.Pieces.Sum(piece => piece.Length) ?? content?.Length ?? 0) + mapText.Length;
        WriteHeader(entry, stored, map);
        archive.Write(mapText);
        if (content is not null)
        {
            var end = 0L;
            foreach (var (offset, length) in (map ?? SparseMap.Whole(content.Length)).Pieces)
            {
                Copy(content, offset - end, Stream.Null);
                Copy(content, length, archive);
                end = offset + length;
            }
        }

        archive.Write(_zeros, 0, TarBlock.Padding(stored));
    }

    public void End()
    {
        for (var i = 0; i < EndBlocks; i++)
        {
            archive.Write(_zeros);
        }
    }

    /// <summary>Gets an attribute's name from its record's, where `=` would end it.</summary>
    public static string AttributeName(string recorded) => recorded
        .Replace("%3D", "=", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);

    private static string RecordedName(ExtendedAttribute attribute) => Encoding.UTF8.GetString(attribute.Name)
        .Replace("%", "%25", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal);

    private void WriteHeader(ManifestEntry entry, long stored, SparseMap? map)
    {
        var records = new PaxRecords();
        Span<byte> block = stackalloc byte[TarBlock.Bytes];
        block.Clear();
        byte[] path = entry.Path.Length == 0 ? [.. "./"u8] : entry.Type == EntryType.Folder
            ? [.. entry.Path, FilePath.Separator]
            : entry.Path;
        if (!TarBlock.TryPutText(block[TarBlock.Name], path))
        {
            records.Add("path", path);
        }

        if (!TarBlock.TryPutText(block[TarBlock.LinkName], entry.Target))
        {
            records.Add("linkpath", entry.Target);
        }

        block[TarBlock.Type] = (byte)CodeOf(entry.Type);
        TarBlock.TryPutNumber(block[TarBlock.Mode], entry.Stat.Mode);
        PutNumber(block[TarBlock.User], entry.Stat.User, "uid", records);
        PutNumber(block[TarBlock.Group], entry.Stat.Group, "gid", records);
        PutNumber(block[TarBlock.Size], stored, "size", records);
        var (seconds, rest) = Math.DivRem(entry.Stat.Modified, 1_000_000_000L);
        if (!TarBlock.TryPutNumber(block[TarBlock.Modified], seconds) || rest != 0)
        {
            records.AddTime("mtime", entry.Stat.Modified);
        }

        if (entry.Type is EntryType.CharacterDevice or EntryType.BlockDevice)
        {
            TarBlock.TryPutNumber(block[TarBlock.DeviceMajor], (long)(entry.Stat.NodeDevice >> 32));
            TarBlock.TryPutNumber(block[TarBlock.DeviceMinor], (uint)entry.Stat.NodeDevice);
        }

        foreach (var attribute in entry.Attributes)
        {
            records.Add($"SCHILY.xattr.{RecordedName(attribute)}", attribute.Value);
        }

        if (map is not null)
        {
            records.Add("GNU.sparse.major", 1);
            records.Add("GNU.sparse.minor", 0);
            records.Add("GNU.sparse.name", path);
            records.Add("GNU.sparse.realsize", map.Length);
        }

        WriteRecords(records);
        End(block);
    }

    private void WriteRecords(PaxRecords records)
    {
        if (!records.HasAny)
        {
            return;
        }

        var content = records.Write();
        Span<byte> block = stackalloc byte[TarBlock.Bytes];
        block.Clear();
        "PaxHeaders/extended"u8.CopyTo(block);
        block[TarBlock.Type] = (byte)'x';
        TarBlock.TryPutNumber(block[TarBlock.Mode], Convert.ToInt32("644", 8));
        TarBlock.TryPutNumber(block[TarBlock.Size], content.Length);
        End(block);
        archive.Write(content);
        archive.Write(_zeros, 0, TarBlock.Padding(content.Length));
    }

    private void End(Span<byte> block)
    {
        TarBlock.PosixMagic.CopyTo(block[TarBlock.Magic]);
        TarBlock.PutChecksum(block);
        archive.Write(block);
    }

    private static void PutNumber(Span<byte> field, long value, string name, PaxRecords records)
    {
        if (!TarBlock.TryPutNumber(field, value))
        {
            records.Add(name, value);
        }
    }

    private static SparseMap MapOf(ManifestEntry entry)
    {
        var pieces = new List<(long Offset, long Length)>();
        var offset = 0L;
        foreach (var extent in entry.Extents)
        {
            if (!extent.IsHole)
            {
                if (pieces.Count > 0 && pieces[^1].Offset + pieces[^1].Length == offset)
                {
                    pieces[^1] = (pieces[^1].Offset, pieces[^1].Length + extent.Length);
                }
                else
                {
                    pieces.Add((offset, extent.Length));
                }
            }

            offset += extent.Length;
        }

        // A last piece without bytes says where the file ends.
        if (pieces.Count == 0 || pieces[^1].Offset + pieces[^1].Length < offset)
        {
            pieces.Add((offset, 0));
        }

        return new SparseMap(offset, pieces);
    }

    private static byte[] TextOf(SparseMap map)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{map.Pieces.Count}\n");
        foreach (var (offset, length) in map.Pieces)
        {
            text.Append(CultureInfo.InvariantCulture, $"{offset}\n{length}\n");
        }

        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        Array.Resize(ref bytes, bytes.Length + TarBlock.Padding(bytes.Length));
        return bytes;
    }

    private static void Copy(Stream content, long length, Stream target)
    {
        var buffer = new byte[Math.Min(length, 1 << 20)];
        while (length > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(length, buffer.Length));
            content.ReadExactly(part);
            target.Write(part);
            length -= part.Length;
        }
    }

    private static char CodeOf(EntryType type) => type switch
    {
        EntryType.Folder => '5',
        EntryType.SymbolicLink => '2',
        EntryType.HardLink => '1',
        EntryType.Fifo => '6',
        EntryType.CharacterDevice => '3',
        EntryType.BlockDevice => '4',
        _ => '0',
    };
}
