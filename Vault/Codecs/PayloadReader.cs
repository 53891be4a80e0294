using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>Takes fields off the front of a payload and refuses to pass its end.</summary>
internal ref struct PayloadReader(ChunkCodec codec, ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _left = payload;

    public ChunkCodec Codec { get; } = codec;

    /// <summary>Gets what is not taken yet.</summary>
    public readonly ReadOnlySpan<byte> Left => _left;

    public byte ReadByte() => Read(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(sizeof(int)));

    public ReadOnlySpan<byte> Read(int length)
    {
        if ((uint)length > (uint)_left.Length)
        {
            CorruptChunkException.Throw(Codec, $"{length} bytes are announced where {_left.Length} are left");
        }

        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }

    /// <summary>Takes what is left.</summary>
    public ReadOnlySpan<byte> ReadToEnd() => Read(_left.Length);

    public void Skip(int length) => Read(length);

    public readonly void RequireEnd()
    {
        if (!_left.IsEmpty)
        {
            CorruptChunkException.Throw(Codec, $"{_left.Length} bytes follow the last field");
        }
    }
}
