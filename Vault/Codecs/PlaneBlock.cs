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

    private const byte RawMode = 0;
    private const byte ConstantMode = 1;
    private const byte HuffmanMode = 2;

    // A plane is sampled before it is counted: noise is recognised at 1/16 of the cost.
    private const int LinesPerSample = 16;
    private const int SmallestSampledBytes = 16 << 10;
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

        if (!plane.ContainsAnyExcept(plane[0]))
        {
            destination[0] = ConstantMode;
            destination[1] = plane[0];
            return 2;
        }

        if (!LooksRandom(plane))
        {
            var written = _encoder.TryEncode(plane, destination[5..]);
            if (written > 0)
            {
                destination[0] = HuffmanMode;
                BinaryPrimitives.WriteInt32LittleEndian(destination[1..], written);
                return 5 + written;
            }
        }

        if (destination.Length <= plane.Length)
        {
            return 0;
        }

        destination[0] = RawMode;
        plane.CopyTo(destination[1..]);
        return 1 + plane.Length;
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

    private bool LooksRandom(ReadOnlySpan<byte> plane)
    {
        if (plane.Length < SmallestSampledBytes)
        {
            return false;
        }

        var total = ByteHistogram.CountSample(plane, LinesPerSample, _counts);
        // A sample of random bytes has a little less than 8 bits: (256 - 1) / (2 ln 2 total).
        return ByteHistogram.Entropy(_counts, total) > NoiseBits - (184.0 / total);
    }
}
