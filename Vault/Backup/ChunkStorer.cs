using System.Security.Cryptography;
using Continuity.Vault.Codecs;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Backup;

/// <summary>Stores one chunk: id, known or not, encode, encrypt into a pack. One instance serves one thread.</summary>
internal sealed class ChunkStorer(
    SealedStore store, ChunkIndex index, PackWriter packs, StoreCounters counters, CancellationToken stopped)
    : IDisposable
{
    private readonly ChunkHasher _hasher = new(store.Keys.ChunkIdKey);
    // Taken when there is something to store: most backups of a machine find nothing new, and would spend more on
    // memory than on looking.
    private ChunkEncoder? _encoder;
    private ChunkFetcher? _fetcher;
    private Memory<byte> _payload;
    private Memory<byte> _base;
    private AesGcm? _cipher;
    private BlobId _cipherPack;

    /// <summary>Stores a chunk unless the repository has it.</summary>
    /// <param name="kind">Data or manifest.</param>
    /// <param name="raw">The chunk.</param>
    /// <param name="hint">What is known about it.</param>
    /// <param name="baseId">A chunk that it may differ little from.</param>
    public ChunkId Store(BlobKind kind, ReadOnlySpan<byte> raw, in ChunkHint hint, ChunkId? baseId)
    {
        var id = _hasher.Hash(raw);
        if (!index.TryClaim(id))
        {
            return id;
        }

        if (_payload.IsEmpty)
        {
            _payload = LargeMemory.Allocate(FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes);
        }

        // Before anything else is done with it: a bit that flips in memory after this shows when the chunk is read.
        var payload = _payload.Span;
        ChecksummedPayload.Write(raw, payload);
        var found = baseId is { } candidate ? ReadBase(candidate) : (Raw: default, Entry: default);
        _encoder ??= new ChunkEncoder();
        var (codec, length) = _encoder.Encode(
            raw, hint, _base.Span[..found.Raw], payload[ChecksummedPayload.ChecksumBytes..]);
        length += ChecksummedPayload.ChecksumBytes;
        var entry = new PackEntry(
            id, ChecksummedPayload.CodecId(codec), 0, raw.Length, length, default);
        // Any stretch of a segmented chunk may be a difference too.
        if (found.Raw > 0 && codec is (ChunkCodec.Delta or ChunkCodec.Segments))
        {
            entry = entry with { Depth = (byte)(found.Entry.Depth + 1), BaseId = found.Entry.Id };
        }

        var (pack, offset) = packs.Reserve(kind, entry, stopped);
        pack.Fill(CipherOf(pack), offset, entry, payload[..length]);
        packs.Release(pack);
        counters.Add(raw.Length, entry.FrameLength);
        return id;
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        _encoder?.Dispose();
        _fetcher?.Dispose();
    }

    /// <summary>Reads a base chunk, if this snapshot may rely on it and the chain doesn't get too long.</summary>
    private (int Raw, PackEntry Entry) ReadBase(ChunkId id)
    {
        if (!index.TryFindPresent(id, out var location)
            || location.Entry.Depth >= FormatLimits.MaximumDepth
            || !index.TryRely(id))
        {
            return default;
        }

        if (_base.Length < location.Entry.RawLength)
        {
            _base = LargeMemory.Allocate(FormatLimits.ChunkBytes);
        }

        try
        {
            _fetcher ??= new ChunkFetcher(store, index);
            return (_fetcher.ReadUnchecked(location, _base.Span, stopped), location.Entry);
        }
        catch (Exception exception)
            when (exception is CorruptBlobException or MissingChunkException or BlobNotFoundException)
        {
            // A damaged base is verify's to report; the chunk is stored whole and owes it nothing.
            return default;
        }
    }

    private AesGcm CipherOf(PackBuilder pack)
    {
        if (_cipher is null || _cipherPack != pack.Id)
        {
            _cipher?.Dispose();
            _cipher = new AesGcm(pack.Key, PackLayout.TagBytes);
            _cipherPack = pack.Id;
        }

        return _cipher;
    }
}

/// <summary>What was stored so far, counted by all workers.</summary>
internal sealed class StoreCounters
{
    private long _chunks;
    private long _rawBytes;
    private long _storedBytes;
    private long _recognisedBytes;

    public long Chunks => Interlocked.Read(ref _chunks);

    public long RawBytes => Interlocked.Read(ref _rawBytes);

    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    public long RecognisedBytes => Interlocked.Read(ref _recognisedBytes);

    public void AddRecognised(int rawBytes) => Interlocked.Add(ref _recognisedBytes, rawBytes);

    public void Add(int rawBytes, int storedBytes)
    {
        Interlocked.Increment(ref _chunks);
        Interlocked.Add(ref _rawBytes, rawBytes);
        Interlocked.Add(ref _storedBytes, storedBytes);
    }
}
