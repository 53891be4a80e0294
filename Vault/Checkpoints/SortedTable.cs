using System.Buffers.Binary;
using System.Numerics;

namespace Continuity.Vault.Checkpoints;

/// <summary>Reads the entries of a LevelDB-style sorted table, the container of TensorFlow's index.</summary>
/// <remarks>Of keys only the length is kept: a key may repeat all of the one before in three bytes, so that the keys of
/// a hostile table would fill any memory.</remarks>
internal static class SortedTable
{
    private const ulong Magic = 0xdb4775248b80fb57;
    private const int FooterBytes = 48;
    private const int TrailerBytes = 5; // compression, checksum
    private const int MaxEntries = 1 << 22;

    /// <summary>Tells whether a file ends as a table does.</summary>
    public static bool HasMagic(string path)
    {
        using var file = File.OpenHandle(path);
        Span<byte> end = stackalloc byte[sizeof(ulong)];
        var length = RandomAccess.GetLength(file);
        return length >= FooterBytes
            && RandomAccess.Read(file, end, length - end.Length) == end.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(end) == Magic;
    }

    /// <exception cref="InvalidDataException">The bytes are not a table, or a damaged one.</exception>
    public static IReadOnlyList<(int KeyLength, byte[] Value)> Read(ReadOnlySpan<byte> table)
    {
        if (table.Length < FooterBytes || BinaryPrimitives.ReadUInt64LittleEndian(table[^sizeof(ulong)..]) != Magic)
        {
            throw new InvalidDataException("does not end as an index does: it is still being written, or cut off");
        }

        var footer = table[^FooterBytes..];
        ReadHandle(ref footer); // of the block with filters
        var (offset, length) = ReadHandle(ref footer);
        var entries = new List<(int, byte[])>();
        var unread = (ulong)table.Length;
        foreach (var (_, handle) in ReadBlock(table, offset, length))
        {
            ReadOnlySpan<byte> bytes = handle;
            var (blockOffset, blockLength) = ReadHandle(ref bytes);
            if (blockLength >= unread || entries.Count > MaxEntries)
            {
                throw new InvalidDataException("is damaged: its blocks overlap");
            }

            unread -= blockLength + 1;
            entries.AddRange(ReadBlock(table, blockOffset, blockLength));
        }

        return entries;
    }

    private static (ulong Offset, ulong Length) ReadHandle(ref ReadOnlySpan<byte> bytes) =>
        (VarInt.Read(ref bytes), VarInt.Read(ref bytes));

    private static List<(int KeyLength, byte[] Value)> ReadBlock(ReadOnlySpan<byte> table, ulong offset, ulong length)
    {
        var size = (ulong)table.Length;
        if (length < sizeof(uint) || offset > size || length > size - offset || size - offset - length < TrailerBytes)
        {
            throw new InvalidDataException("is damaged: a block lies outside of it");
        }

        var block = table.Slice((int)offset, (int)length + TrailerBytes);
        if (Unmask(BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..])) != Checksum(block[..^sizeof(uint)]))
        {
            throw new InvalidDataException($"is damaged: the checksum of the block at byte {offset} is wrong");
        }

        if (block[^TrailerBytes] != 0)
        {
            throw new InvalidDataException("is compressed, which TensorFlow's own indexes never are");
        }

        return ReadEntries(block[..^TrailerBytes]);
    }

    private static List<(int KeyLength, byte[] Value)> ReadEntries(ReadOnlySpan<byte> block)
    {
        var restarts = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]);
        var restartBytes = (restarts + 1) * sizeof(uint);
        if (restartBytes > (ulong)block.Length)
        {
            throw new InvalidDataException("is damaged: a block counts more restarts than it holds");
        }

        var entries = new List<(int KeyLength, byte[] Value)>();
        var rest = block[..^(int)restartBytes];
        var keyLength = 0;
        while (rest.Length > 0)
        {
            var shared = VarInt.Read(ref rest);
            var unshared = VarInt.Read(ref rest);
            var valueLength = VarInt.Read(ref rest);
            if (shared > (ulong)keyLength)
            {
                throw new InvalidDataException("is damaged: a key takes more from the one before than that holds");
            }

            keyLength = (int)shared + VarInt.Take(ref rest, unshared).Length;
            entries.Add((keyLength, VarInt.Take(ref rest, valueLength).ToArray()));
        }

        return entries;
    }

    // Checksums are rotated and shifted, so that a checksum of data that holds checksums is not degenerate.
    private static uint Unmask(uint masked) => BitOperations.RotateLeft(masked - 0xa282ead8, 15);

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return ~sum;
    }
}
