using System.Buffers.Binary;

namespace Continuity.Vault.Tensors;

/// <summary>
/// Reads the directory of a zip archive (APPNOTE 6.3, with zip64), for members that are stored uncompressed.
/// </summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorBytes = 20;
    private const int LocalHeaderBytes = 30;

    public static List<ZipMember> Read(ReadAt read, long fileLength)
    {
        var (start, count) = FindDirectory(read, fileLength);
        var header = new HeaderReader(read, fileLength, start);
        var members = new List<ZipMember>();
        for (ulong i = 0; i < count; i++)
        {
            if (ReadEntry(header) is { } entry)
            {
                members.Add(entry with { Offset = FindData(read, fileLength, entry) });
            }
        }

        return members;
    }

    private static (long Start, ulong Count) FindDirectory(ReadAt read, long fileLength)
    {
        var tailLength = (int)Math.Min(fileLength, EndBytes + LongestComment + LocatorBytes);
        var tail = new HeaderReader(read, fileLength, fileLength - tailLength).Read(tailLength);
        var end = tail.LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || tail.Length - end < EndBytes)
        {
            throw new InvalidDataException("The archive has no directory.");
        }

        ulong count = BinaryPrimitives.ReadUInt16LittleEndian(tail[(end + 10)..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(tail[(end + 16)..]);
        if (end >= LocatorBytes && tail[(end - LocatorBytes)..].StartsWith("PK\u0006\u0007"u8))
        {
            var place = BinaryPrimitives.ReadInt64LittleEndian(tail[(end - LocatorBytes + 8)..]);
            var record = new HeaderReader(read, fileLength, RequirePlace(place, fileLength));
            record.Skip(32);
            count = record.ReadUInt64();
            record.Skip(8);
            start = (long)record.ReadUInt64();
        }

        return (RequirePlace(start, fileLength), count);
    }

    // Null for a member that is compressed or encrypted.
    private static ZipMember? ReadEntry(HeaderReader header)
    {
        if (header.ReadUInt32() != 0x02014B50)
        {
            throw new InvalidDataException("An entry of the directory is damaged.");
        }

        header.Skip(4);
        var isEncrypted = (header.ReadUInt16() & 1) != 0;
        var isStored = header.ReadUInt16() == 0;
        header.Skip(8);
        long stored = header.ReadUInt32();
        long length = header.ReadUInt32();
        var nameLength = header.ReadUInt16();
        var extraLength = header.ReadUInt16();
        var commentLength = header.ReadUInt16();
        header.Skip(8);
        long offset = header.ReadUInt32();
        var name = header.ReadAscii(nameLength);
        ReadExtra(header.Read(extraLength), ref length, ref stored, ref offset);
        header.Skip(commentLength);
        return isStored && !isEncrypted && stored == length ? new ZipMember(name, offset, length) : null;
    }

    // Fields of zip64 stand for those of the entry that are all ones, in this order.
    private static void ReadExtra(ReadOnlySpan<byte> extra, ref long length, ref long stored, ref long offset)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
            {
                return;
            }

            var field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id == 1)
            {
                Replace(ref length, ref field);
                Replace(ref stored, ref field);
                Replace(ref offset, ref field);
            }
        }
    }

    private static void Replace(ref long value, ref ReadOnlySpan<byte> field)
    {
        if (value == uint.MaxValue && field.Length >= sizeof(long))
        {
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[sizeof(long)..];
        }
    }

    // The local header repeats name and extra fields, and may pad to align the data, as PyTorch does.
    private static long FindData(ReadAt read, long fileLength, ZipMember member)
    {
        var place = RequirePlace(member.Offset, fileLength);
        Span<byte> local = stackalloc byte[LocalHeaderBytes];
        if (read(place, local) != LocalHeaderBytes || !local.StartsWith("PK\u0003\u0004"u8))
        {
            throw new InvalidDataException($"No member begins at {place}.");
        }

        return place + LocalHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(local[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
    }

    private static long RequirePlace(long place, long fileLength)
        => place >= 0 && place < fileLength
            ? place
            : throw new InvalidDataException($"Byte {place} is outside a file of {fileLength}.");
}
