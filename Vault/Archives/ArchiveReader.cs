using System.Text;
using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Archives;

/// <summary>Reads tar archives of all kinds: of old, POSIX's, and GNU's with their long names and files with holes.
/// Names and attributes are bytes, in any encoding or none.</summary>
internal sealed class ArchiveReader(Stream archive)
{
    private const int MaximumHeaderBytes = 8 << 20;
    private const string AttributePrefix = "SCHILY.xattr.";

    private readonly byte[] _block = new byte[TarBlock.Bytes];
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly PaxRecords _global = new();
    private SparseMap _map = SparseMap.Whole(0);
    private long _left;
    private int _padding;

    /// <summary>Gets the next entry, whether or not the content of the one before was read.</summary>
    /// <returns>The entry, or null at the archive's end.</returns>
    /// <exception cref="ArchiveException">The archive is damaged, or holds what isn't understood.</exception>
    public ArchiveEntry? Next()
    {
        Skip(_left + _padding);
        _left = _padding = 0;
        var records = new PaxRecords();
        records.AddAll(_global);
        byte[]? longName = null;
        byte[]? longLink = null;
        while (TryReadBlock())
        {
            var type = (char)_block[TarBlock.Type];
            switch (type)
            {
                case 'x' or 'X':
                    records.AddAll(PaxRecords.Read(ReadHeaderContent()));
                    break;
                case 'g':
                    var added = PaxRecords.Read(ReadHeaderContent());
                    _global.AddAll(added);
                    records.AddAll(added);
                    break;
                case 'L':
                    longName = TarBlock.Text(ReadHeaderContent()).ToArray();
                    break;
                case 'K':
                    longLink = TarBlock.Text(ReadHeaderContent()).ToArray();
                    break;
                case 'V':
                    // An archive's label.
                    ReadHeaderContent();
                    break;
                default:
                    return ReadEntry(type, records, longName, longLink);
            }
        }

        return null;
    }

    /// <summary>Writes the content of the entry read last to a file, and gives it its length.</summary>
    public void CopyContent(SafeFileHandle file, ReadOnlySpan<byte> name)
    {
        foreach (var (offset, length) in _map.Pieces)
        {
            for (var done = 0L; done < length;)
            {
                var part = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, length - done));
                Read(part);
                _left -= part.Length;
                RandomAccess.Write(file, part, offset + done);
                done += part.Length;
            }
        }

        if (FolderHandle.Stat(file, name).Size != _map.Length)
        {
            RandomAccess.SetLength(file, _map.Length);
        }
    }

    private ArchiveEntry ReadEntry(char type, PaxRecords records, byte[]? longName, byte[]? longLink)
    {
        var path = records.Find("GNU.sparse.name") ?? records.Find("path") ?? longName ?? NameInBlock();
        var kind = TypeOf(type, path);
        _left = records.FindNumber("size") ?? TarBlock.Number(_block.AsSpan(TarBlock.Size));
        if (_left < 0 || _left > long.MaxValue - TarBlock.Bytes)
        {
            throw new ArchiveException($"'{FilePath.Display(path)}' has no possible length");
        }

        // Of links and folders a size is told, by some, and no content follows; only GNU's list of a folder is one.
        _left = kind == EntryType.File || type == 'D' ? _left : 0;
        _padding = TarBlock.Padding(_left);
        var entry = new ArchiveEntry
        {
            Type = kind,
            Path = path,
            Target = records.Find("linkpath") ?? longLink ?? TarBlock.Text(_block.AsSpan(TarBlock.LinkName)).ToArray(),
            Stat = ReadStat(kind, records),
            Attributes = AttributesOf(records),
        };
        _map = new SparseMapReader(this).Read(type, records);
        if (_map.Pieces.Sum(piece => piece.Length) > _left)
        {
            throw SparseMap.Damaged();
        }

        return entry;
    }

    private FileStat ReadStat(EntryType kind, PaxRecords records) => new()
    {
        RawMode = (int)ManifestEntry.KindOf(kind) | ((int)TarBlock.Number(_block.AsSpan(TarBlock.Mode)) & 0xfff),
        User = (uint)(records.FindNumber("uid") ?? TarBlock.Number(_block.AsSpan(TarBlock.User))),
        Group = (uint)(records.FindNumber("gid") ?? TarBlock.Number(_block.AsSpan(TarBlock.Group))),
        Modified = records.FindTime("mtime") ?? Seconds(TarBlock.Number(_block.AsSpan(TarBlock.Modified))),
        NodeDevice = kind is EntryType.CharacterDevice or EntryType.BlockDevice
            ? ((ulong)(uint)TarBlock.Number(_block.AsSpan(TarBlock.DeviceMajor)) << 32)
                | (uint)TarBlock.Number(_block.AsSpan(TarBlock.DeviceMinor))
            : 0,
    };

    private byte[] NameInBlock()
    {
        var name = TarBlock.Text(_block.AsSpan(TarBlock.Name));
        // GNU's magic has blanks, and other things where POSIX has the name's beginning.
        return _block.AsSpan(TarBlock.Magic).StartsWith("ustar\0"u8)
            ? FilePath.Join(TarBlock.Text(_block.AsSpan(TarBlock.Prefix)), name)
            : name.ToArray();
    }

    private static EntryType TypeOf(char type, byte[] path) => type switch
    {
        '\0' or '0' or '7' => path.AsSpan().EndsWith("/"u8) ? EntryType.Folder : EntryType.File,
        'S' => EntryType.File,
        '1' => EntryType.HardLink,
        '2' => EntryType.SymbolicLink,
        '3' => EntryType.CharacterDevice,
        '4' => EntryType.BlockDevice,
        '5' or 'D' => EntryType.Folder,
        '6' => EntryType.Fifo,
        _ => throw new ArchiveException(
            $"'{FilePath.Display(path)}' is of a type (0x{(int)type:x2}) that isn't understood"),
    };

    private static ExtendedAttribute[] AttributesOf(PaxRecords records) =>
    [
        .. from record in records.All
           where record.Key.StartsWith(AttributePrefix, StringComparison.Ordinal)
           group record.Value by ArchiveWriter.AttributeName(record.Key[AttributePrefix.Length..]) into attribute
           select new ExtendedAttribute(Encoding.UTF8.GetBytes(attribute.Key), attribute.Last()),
    ];

    private static long Seconds(long seconds) => Math.Abs(seconds) < long.MaxValue / 1_000_000_000
        ? seconds * 1_000_000_000
        : throw new ArchiveException("a time in it is too far away");

    private byte[] ReadHeaderContent()
    {
        var length = TarBlock.Number(_block.AsSpan(TarBlock.Size));
        if (length is < 0 or > MaximumHeaderBytes)
        {
            throw new ArchiveException("an extended header of it is larger than any that makes sense");
        }

        var content = new byte[length];
        Read(content);
        Skip(TarBlock.Padding(length));
        return content;
    }

    private bool TryReadBlock()
    {
        Read(_block);
        if (!_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            return false;
        }

        return TarBlock.HasRightChecksum(_block)
            ? true
            : throw new ArchiveException("it isn't a tar archive, or is damaged: a header's checksum is wrong");
    }

    private void Read(Span<byte> bytes)
    {
        try
        {
            archive.ReadExactly(bytes);
        }
        catch (EndOfStreamException exception)
        {
            throw new ArchiveException("it is cut off", exception);
        }
    }

    private void Skip(long bytes)
    {
        for (; bytes > 0; bytes -= Math.Min(bytes, _buffer.Length))
        {
            Read(_buffer.AsSpan(0, (int)Math.Min(bytes, _buffer.Length)));
        }
    }

    /// <summary>Reads where the pieces of a file belong, in the four ways in which archives tell it.</summary>
    private readonly ref struct SparseMapReader(ArchiveReader reader)
    {
        private const int PiecesInHeader = 4;
        private const int PiecesInBlock = 21;
        private const int PieceBytes = 24;

        public SparseMap Read(char type, PaxRecords records)
        {
            if (type == 'S')
            {
                return ReadOldGnu();
            }

            if (records.FindNumber("GNU.sparse.major") is { } major)
            {
                return major == 1 && records.FindNumber("GNU.sparse.minor") == 0
                    ? ReadBeforeContent(records.FindNumber("GNU.sparse.realsize") ?? throw SparseMap.Damaged())
                    : throw new ArchiveException($"a file with holes is written in a newer way ({major}.x)");
            }

            if (records.FindNumber("GNU.sparse.size") is not { } length)
            {
                return SparseMap.Whole(reader._left);
            }

            var numbers = records.Find("GNU.sparse.map") is { } map
                ? Encoding.ASCII.GetString(map).Split(',').Select(text => PaxRecords.ToNumber(
                    Encoding.ASCII.GetBytes(text)))
                : records.All.Where(record => record.Key is "GNU.sparse.offset" or "GNU.sparse.numbytes")
                    .Select(record => PaxRecords.ToNumber(record.Value));
            return SparseMap.FromNumbers(length, [.. numbers]);
        }

        private SparseMap ReadOldGnu()
        {
            const int FirstPiece = 386;
            const int IsExtended = 482;
            var length = TarBlock.Number(reader._block.AsSpan(483, 12));
            var numbers = new List<long>();
            AddPieces(numbers, reader._block.AsSpan(FirstPiece, PiecesInHeader * PieceBytes));
            var more = reader._block[IsExtended] != 0;
            while (more)
            {
                reader.Read(reader._block);
                AddPieces(numbers, reader._block.AsSpan(0, PiecesInBlock * PieceBytes));
                more = reader._block[PiecesInBlock * PieceBytes] != 0;
            }

            return SparseMap.FromNumbers(length, numbers);
        }

        private static void AddPieces(List<long> numbers, ReadOnlySpan<byte> pieces)
        {
            const int Half = PieceBytes / 2;
            // An unused place is all zeros; a piece of length zero marks the file's end.
            for (; !pieces.IsEmpty && pieces[0] != 0; pieces = pieces[PieceBytes..])
            {
                numbers.Add(TarBlock.Number(pieces[..Half]));
                numbers.Add(TarBlock.Number(pieces[Half..PieceBytes]));
            }

            if (numbers.Count > 2 * SparseMap.MaximumPieces)
            {
                throw SparseMap.Damaged();
            }
        }

        // Decimal numbers, a line each, how many pieces there are first, filled up to whole blocks.
        private SparseMap ReadBeforeContent(long length)
        {
            var lines = new BlockLines(reader);
            var count = lines.Next();
            if (count is < 0 or > SparseMap.MaximumPieces)
            {
                throw SparseMap.Damaged();
            }

            var numbers = new List<long>();
            for (var i = 0; i < 2 * count; i++)
            {
                numbers.Add(lines.Next());
            }

            return SparseMap.FromNumbers(length, numbers);
        }
    }

    private struct BlockLines(ArchiveReader reader)
    {
        private int _position = TarBlock.Bytes;

        public long Next()
        {
            const int MostDigits = 20;
            Span<byte> digits = stackalloc byte[MostDigits];
            for (var length = 0; length < MostDigits; length++)
            {
                if (_position == TarBlock.Bytes)
                {
                    if (reader._left < TarBlock.Bytes)
                    {
                        break;
                    }

                    reader.Read(reader._block);
                    reader._left -= TarBlock.Bytes;
                    _position = 0;
                }

                digits[length] = reader._block[_position++];
                if (digits[length] == '\n')
                {
                    return PaxRecords.ToNumber(digits[..length]);
                }
            }

            throw SparseMap.Damaged();
        }
    }
}
