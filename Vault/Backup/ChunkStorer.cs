using System.Security.Cryptography;
using Continuity.Vault.Codecs;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;

namespace Continuity.Vault.Backup;

/// <summary>Stores one chunk: id, known or not, encode, encrypt into a pack. One instance serves one thread.</summary>
internal sealed class ChunkStorer(
    KeyRing keys, ChunkIndex index, PackWriter packs, StoreCounters counters, CancellationToken stopped) : IDisposable
{
    private readonly ChunkHasher _hasher = new(keys.ChunkIdKey);
    private readonly ChunkEncoder _encoder = new();
    private readonly byte[] _payload =
        GC.AllocateUninitializedArray<byte>(FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes);
    private AesGcm? _cipher;
    private BlobId _cipherPack;

    public ChunkId Store(BlobKind kind, ReadOnlySpan<byte> raw)
    {
        var id = _hasher.Hash(raw);
        if (!index.TryClaim(id))
        {
            return id;
        }

        var (codec, length) = _encoder.Encode(raw, default, default, _payload);
        var entry = new PackEntry(id, (byte)codec, 0, raw.Length, length, default);
        var (pack, offset) = packs.Reserve(kind, entry, stopped);
        pack.Fill(CipherOf(pack), offset, entry, _payload.AsSpan(0, length));
        packs.Release(pack);
        counters.Add(raw.Length, entry.FrameLength);
        return id;
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        _encoder.Dispose();
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

    public long Chunks => Interlocked.Read(ref _chunks);

    public long RawBytes => Interlocked.Read(ref _rawBytes);

    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    public void Add(int rawBytes, int storedBytes)
    {
        Interlocked.Increment(ref _chunks);
        Interlocked.Add(ref _rawBytes, rawBytes);
        Interlocked.Add(ref _storedBytes, storedBytes);
    }
}
