using System.Buffers.Binary;

namespace Continuity.Vault.Formats;

/// <summary>Reads the fields of a blob, and refuses whatever passes the end of its container.</summary>
internal ref struct FormatReader(ReadOnlySpan<byte> bytes, string blobName)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly int Remaining => _rest.Length;

    public readonly string BlobName => blobName;

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw Broken("a field passes the end of its container");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public BlobId BlobId() => new(Take(Formats.BlobId.Length));

    public ChunkId ChunkId() => Formats.ChunkId.Read(Take(Formats.ChunkId.Length));

    public ulong VarInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            // The tenth byte holds one bit only.
            if (shift == 63 && part > 1)
            {
                break;
            }

            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Broken("a number is longer than 64 bits");
    }

    /// <summary>Reads a number that must not exceed a limit.</summary>
    public int VarInt(int maximum)
    {
        var value = VarInt();
        return value <= (ulong)maximum
            ? (int)value : throw Broken($"a number is {value}; at most {maximum} is allowed");
    }

    /// <summary>Reads a length or size that fits a file offset.</summary>
    public long VarInt64()
    {
        var value = VarInt();
        return value <= long.MaxValue ? (long)value : throw Broken("a size is beyond 63 bits");
    }

    /// <summary>Reads a count of items, each of at least so many bytes: more than fit the rest are refused
    /// unread.</summary>
    public int Count(int minimumItemBytes) => VarInt(_rest.Length / minimumItemBytes);

    public ReadOnlySpan<byte> Bytes(int maximum = int.MaxValue) => Take(VarInt(Math.Min(maximum, _rest.Length)));

    public readonly void ExpectEnd()
    {
        if (!AtEnd)
        {
            throw Broken($"{_rest.Length} bytes too many");
        }
    }

    public readonly CorruptBlobException Broken(string reason) => new(blobName, reason);
}
