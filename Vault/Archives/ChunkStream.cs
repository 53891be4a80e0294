using Continuity.Vault.Formats;
using Continuity.Vault.Packs;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Archives;

/// <summary>A file of a snapshot as a stream, with one chunk in memory.</summary>
internal sealed class ChunkStream(ChunkFetcher fetcher, IReadOnlyList<Extent> extents) : Stream
{
    private readonly byte[] _chunk = new byte[FormatLimits.ChunkBytes];
    private ChunkId _chunkId;
    private int _chunkLength = -1;
    private int _extent;
    private long _extentPosition;
    private long _position;

    public override bool CanRead => true;

    // The archive's writer asks for the length; it reads from the start to the end once.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = extents.Sum(extent => extent.Length);

    public override long Position
    {
        get => _position;
        set
        {
            if (value != _position)
            {
                throw new NotSupportedException("A file of a snapshot is read from its start to its end.");
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_extent < extents.Count && _extentPosition == extents[_extent].Length)
        {
            _extent++;
            _extentPosition = 0;
        }

        if (_extent == extents.Count || buffer.IsEmpty)
        {
            return 0;
        }

        var extent = extents[_extent];
        var length = (int)Math.Min(buffer.Length, extent.Length - _extentPosition);
        if (extent.IsHole)
        {
            buffer[..length].Clear();
        }
        else
        {
            Chunk(extent.Chunk).Slice(extent.Offset + (int)_extentPosition, length).CopyTo(buffer);
        }

        _extentPosition += length;
        _position += length;
        return length;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ReadOnlySpan<byte> Chunk(ChunkId id)
    {
        if (_chunkLength < 0 || _chunkId != id)
        {
            _chunkLength = -1;
            _chunkLength = fetcher.Read(id, _chunk, CancellationToken.None);
            _chunkId = id;
        }

        return _chunk.AsSpan(0, _chunkLength);
    }
}
