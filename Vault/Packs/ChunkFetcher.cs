using System.Buffers;
using Continuity.Vault.Codecs;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Packs;

/// <summary>Reads chunks out of packs: frame, decryption, base if there is one, decoding. One instance serves one
/// thread.</summary>
internal sealed class ChunkFetcher(SealedStore store, ChunkIndex index) : IDisposable
{
    private const int MaximumOpenPacks = 256;

    // What most chunks need: a buffer that grew once doesn't grow again.
    private const int SmallestBuffer = 2 << 20;

    private readonly Dictionary<int, PackReader> _packs = [];
    private readonly ChunkDecoder _decoder = new();
    private readonly ChunkHasher _hasher = new(store.Keys.ChunkIdKey);
    private Memory<byte> _frame;
    private Memory<byte> _payload;

    /// <summary>Reads a chunk and checks that it is the one that its id names: by its checksum, or by computing the id
    /// where that isn't enough.</summary>
    /// <returns>The chunk's length; the bytes are at the start of <paramref name="raw"/>.</returns>
    public int Read(ChunkId id, Span<byte> raw, CancellationToken cancellationToken)
    {
        var location = index.Find(id);
        var length = ReadUnchecked(location, raw, cancellationToken);
        if (!IsProvenByDecoding(location, cancellationToken))
        {
            CheckId(location, raw[..length]);
        }

        return length;
    }

    /// <summary>Reads a chunk whose id the caller checks, or whose frame's authentication is enough for its
    /// purpose.</summary>
    public int ReadUnchecked(in ChunkLocation location, Span<byte> raw, CancellationToken cancellationToken)
    {
        var entry = location.Entry;
        var frame = Grow(ref _frame, entry.FrameLength)[..entry.FrameLength];
        var pack = index.Packs[location.Pack];
        var read = Wait(store.Blobs.GetAsync(BlobNames.Pack(pack.Id), location.Offset, frame, cancellationToken));
        if (read < frame.Length)
        {
            throw new CorruptBlobException(BlobNames.Pack(pack.Id), $"it ends inside chunk {entry.Id}");
        }

        return Decode(location, frame.Span, raw, cancellationToken);
    }

    /// <summary>Decodes a chunk whose frame the caller has read.</summary>
    public int Decode(
        in ChunkLocation location, ReadOnlySpan<byte> frame, Span<byte> raw, CancellationToken cancellationToken)
    {
        var entry = location.Entry;
        var payload = Grow(ref _payload, entry.PayloadLength).Span[..entry.PayloadLength];
        Open(location.Pack, cancellationToken).OpenFrame(entry, location.Offset, frame, payload);
        if (!entry.HasBase)
        {
            Decode(location, payload, default, raw[..entry.RawLength]);
            return entry.RawLength;
        }

        // The base is read into buffers of its own; the chain is as short as the depth says, and the depth is bounded.
        var baseLocation = index.FindBase(entry);
        var own = ArrayPool<byte>.Shared.Rent(entry.PayloadLength);
        var baseRaw = ArrayPool<byte>.Shared.Rent(Math.Max(1, baseLocation.Entry.RawLength));
        payload.CopyTo(own);
        var baseLength = ReadUnchecked(baseLocation, baseRaw, cancellationToken);
        Decode(location, own.AsSpan(0, entry.PayloadLength), baseRaw.AsSpan(0, baseLength), raw[..entry.RawLength]);
        ArrayPool<byte>.Shared.Return(own);
        ArrayPool<byte>.Shared.Return(baseRaw);
        return entry.RawLength;
    }

    /// <summary>Reads a chunk's encoded form, to store it elsewhere as it is.</summary>
    public void ReadPayload(in ChunkLocation location, Span<byte> payload, CancellationToken cancellationToken)
    {
        var entry = location.Entry;
        var frame = Grow(ref _frame, entry.FrameLength)[..entry.FrameLength];
        var name = BlobNames.Pack(index.Packs[location.Pack].Id);
        if (Wait(store.Blobs.GetAsync(name, location.Offset, frame, cancellationToken)) < frame.Length)
        {
            throw new CorruptBlobException(name, $"it ends inside chunk {entry.Id}");
        }

        Open(location.Pack, cancellationToken).OpenFrame(entry, location.Offset, frame.Span, payload);
    }

    /// <summary>Whether decoding a chunk showed already that it is the one that its id names.</summary>
    /// <remarks>Only a holder of the repository key can make a frame of its packs, and vouches for the checksum in it.
    /// A writer's key makes frames too, and could put other bytes under the id of somebody else's chunk: ids of such
    /// packs are computed.</remarks>
    public bool IsProvenByDecoding(in ChunkLocation location, CancellationToken cancellationToken) =>
        ChecksummedPayload.HasChecksum(location.Entry.Codec) && !Open(location.Pack, cancellationToken).IsOfWriterKey;

    /// <summary>Computes the id of decoded bytes and checks it.</summary>
    public void CheckId(in ChunkLocation location, ReadOnlySpan<byte> raw)
    {
        var found = _hasher.Hash(raw);
        if (found != location.Entry.Id)
        {
            throw new CorruptBlobException(
                BlobNames.Pack(index.Packs[location.Pack].Id), $"chunk {location.Entry.Id} decodes to {found}");
        }
    }

    public void Dispose()
    {
        Clear();
        _decoder.Dispose();
    }

    private void Decode(
        in ChunkLocation location, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, Span<byte> raw)
    {
        var entry = location.Entry;
        var name = BlobNames.Pack(index.Packs[location.Pack].Id);
        try
        {
            var hasChecksum = ChecksummedPayload.HasChecksum(entry.Codec);
            var encoded = hasChecksum ? payload[Math.Min(payload.Length, ChecksummedPayload.ChecksumBytes)..] : payload;
            _decoder.Decode(ChecksummedPayload.CodecOf(entry.Codec), encoded, baseRaw, raw);
            if (hasChecksum && !ChecksummedPayload.Fits(raw, payload))
            {
                throw new CorruptBlobException(name, $"chunk {entry.Id} decodes to bytes that don't fit its checksum");
            }
        }
        catch (CorruptChunkException exception)
        {
            throw new CorruptBlobException(name, $"chunk {entry.Id}: {exception.Message}", exception);
        }
    }

    private PackReader Open(int number, CancellationToken cancellationToken)
    {
        if (_packs.TryGetValue(number, out var reader))
        {
            return reader;
        }

        if (_packs.Count >= MaximumOpenPacks)
        {
            Clear();
        }

        var pack = index.Packs[number];
        var header = new byte[BlobHeader.Length];
        Wait(store.Blobs.GetAsync(BlobNames.Pack(pack.Id), 0, header, cancellationToken));
        return _packs[number] = new PackReader(store.Keys, pack.Id, pack.Kind, header);
    }

    private void Clear()
    {
        foreach (var reader in _packs.Values)
        {
            reader.Dispose();
        }

        _packs.Clear();
    }

    // Workers have threads of their own: waiting here starves nobody.
    private static T Wait<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static Memory<byte> Grow(ref Memory<byte> buffer, int length) =>
        buffer.Length >= length ? buffer : buffer = LargeMemory.Allocate(Math.Max(length, SmallestBuffer));
}
