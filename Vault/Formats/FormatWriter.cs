using System.Buffers.Binary;
using System.Text;

namespace Continuity.Vault.Formats;

/// <summary>Writes the fields of a blob into a buffer that grows.</summary>
internal sealed class FormatWriter(int capacity = 256)
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Grow(1)[0] = value;

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Grow(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Grow(8), value);

    public void BlobId(BlobId id) => id.WriteTo(Grow(Formats.BlobId.Length));

    public void ChunkId(ChunkId id) => id.WriteTo(Grow(Formats.ChunkId.Length));

    public void ChunkCheck(ChunkCheck check) => check.WriteTo(Grow(Formats.ChunkCheck.Length));

    public void VarInt(long value) => VarInt((ulong)value);

    public void VarInt(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        VarInt(bytes.Length);
        Raw(bytes);
    }

    public void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    private Span<byte> Grow(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }

        var grown = _buffer.AsSpan(Length, bytes);
        Length += bytes;
        return grown;
    }
}
