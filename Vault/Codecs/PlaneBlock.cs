using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>One plane of bytes in a payload: raw, constant or Huffman, whatever is shortest.</summary>
/// <remarks>
/// Mode (1), then the bytes, one byte, or the length (4) and the Huffman block. One instance serves one thread.
/// </remarks>
internal sealed class PlaneBlock
{
    /// <summary>What a block may be longer than its plane by, and what the encoder needs besides.</summary>
    public const int Slack = 16;

    /// <summary>What a raw block has before the plane.</summary>
    public const int RawHeaderBytes = 1;

    private const int CodeHeaderBytes = 1 + sizeof(int);
    private const byte RawMode = 0;
    private const byte ConstantMode = 1;
    private const byte HuffmanMode = 2;

    // A plane is sampled before it is counted: noise is recognised by some kilobytes.
    private const int LinesPerSample = 16;
    private const int SmallestSampledBytes = 16 << 10;
    private const int LinesPerSampleOfMany = 64;
    private const int SmallestOfMany = 256 << 10;
    private const double NoiseBits = 7.85;

    private readonly HuffmanEncoder _encoder = new();
    private readonly HuffmanDecoder _decoder = new();
    private readonly int[] _counts = new int[ByteHistogram.Size];

    /// <summary>Writes a plane that is not empty.</summary>
    /// <returns>The block's length; 0 when the destination is too short.</returns>
    public int TryEncode(ReadOnlySpan<byte> plane, Span<byte> destination)
    {
        if (destination.Length < Slack)
        {
            return 0;
        }

        if (IsConstant(plane))
        {
            return WriteConstant(plane[0], destination);
        }

        var written = LooksRandom(plane) ? 0 : TryWriteCode(plane, destination);
        if (written > 0)
        {
            return written;
        }

        if (destination.Length <= plane.Length)
        {
            return 0;
        }

        destination[0] = RawMode;
        plane.CopyTo(destination[RawHeaderBytes..]);
        return RawHeaderBytes + plane.Length;
    }

    /// <summary>Writes a plane that lies in the destination already, or behind it.</summary>
    /// <param name="plane">The plane, not empty.</param>
    /// <param name="spare">As much room elsewhere.</param>
    /// <param name="destination">As long as a raw block. What lies behind it isn't touched.</param>
    /// <returns>The block's length.</returns>
    public int EncodeInPlace(ReadOnlySpan<byte> plane, Span<byte> spare, Span<byte> destination)
    {
        if (IsConstant(plane))
        {
            return WriteConstant(plane[0], destination);
        }

        if (destination.Length >= Slack && !LooksRandom(plane))
        {
            // Codes are written over the plane, even if they prove too long at last.
            plane.CopyTo(spare);
            plane = spare[..plane.Length];
            var written = TryWriteCode(plane, destination);
            if (written > 0)
            {
                return written;
            }
        }

        destination[0] = RawMode;
        ReadOnlySpan<byte> place = destination[RawHeaderBytes..];
        if (place != plane)
        {
            plane.CopyTo(destination[RawHeaderBytes..]);
        }

        return RawHeaderBytes + plane.Length;
    }

    /// <summary>Reads a block that fills <paramref name="plane"/>, and takes it off the payload.</summary>
    /// <exception cref="CorruptChunkException">The block is damaged.</exception>
    public void Decode(ref PayloadReader payload, Span<byte> plane)
    {
        var read = Read(ref payload, plane);
        if (read != plane)
        {
            read.CopyTo(plane);
        }
    }

    /// <summary>Reads a block, and takes it off the payload.</summary>
    /// <param name="payload">Where the block is next.</param>
    /// <param name="room">As long as the plane; what it holds afterwards matters only if it is returned.</param>
    /// <returns>The plane: in <paramref name="room"/>, or where it lies in the payload.</returns>
    /// <exception cref="CorruptChunkException">The block is damaged.</exception>
    public ReadOnlySpan<byte> Read(scoped ref PayloadReader payload, Span<byte> room)
    {
        switch (payload.ReadByte())
        {
            case RawMode:
                return payload.Read(room.Length);
            case ConstantMode:
                room.Fill(payload.ReadByte());
                return room;
            case HuffmanMode:
                _decoder.Decode(payload.Read(payload.ReadInt32()), room, payload.Codec);
                return room;
            default:
                CorruptChunkException.Throw(payload.Codec, "a plane has an unknown mode");
                return room;
        }
    }

    private static bool IsConstant(ReadOnlySpan<byte> plane) => !plane.ContainsAnyExcept(plane[0]);

    private static int WriteConstant(byte value, Span<byte> destination)
    {
        destination[0] = ConstantMode;
        destination[1] = value;
        return 2;
    }

    private int TryWriteCode(ReadOnlySpan<byte> plane, Span<byte> destination)
    {
        var written = _encoder.TryEncode(plane, destination[CodeHeaderBytes..]);
        if (written == 0)
        {
            return 0;
        }

        destination[0] = HuffmanMode;
        BinaryPrimitives.WriteInt32LittleEndian(destination[1..], written);
        return CodeHeaderBytes + written;
    }

    private bool LooksRandom(ReadOnlySpan<byte> plane)
    {
        if (plane.Length < SmallestSampledBytes)
        {
            return false;
        }

        var lines = plane.Length < SmallestOfMany ? LinesPerSample : LinesPerSampleOfMany;
        var total = ByteHistogram.CountSample(plane, lines, _counts);
        // A sample of random bytes has a little less than 8 bits: (256 - 1) / (2 ln 2 total).
        return ByteHistogram.Entropy(_counts, total) > NoiseBits - (184.0 / total);
    }
}
