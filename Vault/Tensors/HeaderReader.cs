using System.Buffers.Binary;
using System.Text;

namespace Continuity.Vault.Tensors;

/// <summary>Reads a file's header field by field, within a limit that no header may talk it out of.</summary>
/// <param name="read">Reads the file.</param>
/// <param name="fileLength">The file's length.</param>
/// <param name="position">Where to start.</param>
internal sealed class HeaderReader(ReadAt read, long fileLength, long position = 0)
{
    /// <summary>The most that is read of a file to understand it: vocabularies of some ten megabytes occur.</summary>
    public const int MaximumHeaderBytes = 64 << 20;

    private const int BufferBytes = 64 << 10;

    private readonly long _limit = Math.Min(fileLength, position + MaximumHeaderBytes);
    private byte[] _buffer = [];
    private int _start;
    private int _length;

    /// <summary>Gets the place of the next byte in the file.</summary>
    public long Position { get; private set; } = position;

    public byte ReadByte() => Read(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Read(sizeof(ushort)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Read(sizeof(uint)));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Read(sizeof(ulong)));

    public string ReadAscii(int length) => Encoding.Latin1.GetString(Read(length));

    /// <summary>Takes bytes; they are valid until the next call.</summary>
    /// <exception cref="InvalidDataException">The file or the limit ends before.</exception>
    public ReadOnlySpan<byte> Read(int length)
    {
        RequireRoom(length);
        if (_length - _start < length)
        {
            Fill(length);
        }

        var bytes = _buffer.AsSpan(_start, length);
        _start += length;
        Position += length;
        return bytes;
    }

    /// <summary>Passes over bytes.</summary>
    /// <exception cref="InvalidDataException">The file or the limit ends before.</exception>
    public void Skip(ulong length)
    {
        RequireRoom(length > long.MaxValue ? long.MaxValue : (long)length);
        Position += (long)length;
        _start = (int)Math.Min(_length, _start + (long)length);
        if (_start == _length)
        {
            _start = _length = 0;
        }
    }

    private void RequireRoom(long length)
    {
        if (length < 0 || length > _limit - Position)
        {
            throw new InvalidDataException($"A header announces {length} bytes at {Position}; the limit is {_limit}.");
        }
    }

    // The buffered bytes end at Position + (_length - _start), so reading goes on there.
    private void Fill(int length)
    {
        var left = _length - _start;
        var wanted = (int)Math.Min(Math.Max(length, BufferBytes), _limit - Position);
        var buffer = _buffer.Length >= wanted ? _buffer : new byte[wanted];
        _buffer.AsSpan(_start, left).CopyTo(buffer);
        (_buffer, _start, _length) = (buffer, 0, left);
        while (_length < wanted)
        {
            var count = read(Position + _length, _buffer.AsSpan(_length, wanted - _length));
            if (count <= 0)
            {
                throw new InvalidDataException($"The file ends at {Position + _length} instead of {fileLength}.");
            }

            _length += count;
        }
    }
}
