using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>Reads the table of the segments and hands out their payloads in order.</summary>
internal ref struct SegmentReader
{
    private ReadOnlySpan<byte> _entries;
    private ReadOnlySpan<byte> _payloads;

    public SegmentReader(ReadOnlySpan<byte> payload)
    {
        var count = payload.Length < SegmentWriter.HeaderBytes ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(payload);
        var tableLength = count * SegmentWriter.EntryBytes;
        if (count is 0 or > SegmentWriter.MaximumSegments || tableLength > payload.Length - SegmentWriter.HeaderBytes)
        {
            CorruptChunkException.Throw(ChunkCodec.Segments, $"a table of {count} segments is not there");
        }

        _entries = payload.Slice(SegmentWriter.HeaderBytes, tableLength);
        _payloads = payload[(SegmentWriter.HeaderBytes + tableLength)..];
    }

    /// <summary>Reads the next segment.</summary>
    /// <exception cref="CorruptChunkException">It is longer than what is left of the chunk or of the
    /// payload.</exception>
    public bool TryRead(int rawLeft, out Segment segment)
    {
        if (_entries.IsEmpty)
        {
            segment = default;
            if (!_payloads.IsEmpty)
            {
                CorruptChunkException.Throw(ChunkCodec.Segments, $"{_payloads.Length} bytes follow the last segment");
            }

            return false;
        }

        var rawLength = BinaryPrimitives.ReadUInt32LittleEndian(_entries[1..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_entries[5..]);
        if (rawLength > (uint)rawLeft || length > (uint)_payloads.Length)
        {
            CorruptChunkException.Throw(
                ChunkCodec.Segments, $"a segment of {length} bytes for {rawLength} passes the end");
        }

        segment = new Segment((ChunkCodec)_entries[0], (int)rawLength, _payloads[..(int)length]);
        _entries = _entries[SegmentWriter.EntryBytes..];
        _payloads = _payloads[(int)length..];
        return true;
    }

    /// <summary>A stretch of the chunk and how it is coded.</summary>
    public readonly ref struct Segment(ChunkCodec codec, int rawLength, ReadOnlySpan<byte> payload)
    {
        public ChunkCodec Codec { get; } = codec;

        public int RawLength { get; } = rawLength;

        public ReadOnlySpan<byte> Payload { get; } = payload;
    }
}
