using System.Security.Cryptography;
using System.Threading.Channels;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Repositories;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Packs;

/// <summary>Gathers frames into packs and puts them into the store; several workers use one writer.</summary>
/// <remarks>A pack is durable before any index names it: a crash between them leaves garbage, never a dangling
/// reference. The number of buffers bounds the memory and holds the workers back when the store is slower than they
/// are.</remarks>
internal sealed class PackWriter : IAsyncDisposable
{
    // One being filled, and the rest on their way to the store. A buffer that isn't needed costs a fault for each of
    // its pages, so a fast store's packs aren't spread over more of them. Packs of manifests are seldom full.
    private const int DataBuffers = Uploads + 1;
    private const int ManifestBuffers = 2;
    private const int Uploads = 2;

    private readonly SealedStore _store;
    private readonly ChunkIndex _index;
    private readonly IndexWriter _indexWriter;
    private readonly int _targetBytes;
    private readonly bool _hasParity;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim[] _free = [new(DataBuffers), new(ManifestBuffers)];
    // Never longer than the number of buffers.
    private readonly Channel<PackBuilder> _full = Channel.CreateUnbounded<PackBuilder>();
    private readonly PackBuilder?[] _current = new PackBuilder?[2];
    private readonly CancellationTokenSource _failed = new();
    private readonly Task[] _uploads;
    private long _storedBytes;

    public PackWriter(SealedStore store, ChunkIndex index, RepositoryConfig config)
    {
        _store = store;
        _index = index;
        _indexWriter = new IndexWriter(store);
        _targetBytes = config.PackBytes;
        _hasParity = config.Parity;
        _uploads = [.. Enumerable.Range(0, Uploads).Select(_ => Task.Run(UploadAsync))];
    }

    /// <summary>Bytes of the packs put so far.</summary>
    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    /// <summary>Takes room for a frame; waits while all buffers are on their way to the store. The caller fills the
    /// frame and then calls <see cref="Release"/>.</summary>
    public (PackBuilder Pack, int Offset) Reserve(BlobKind kind, in PackEntry entry,
        CancellationToken cancellationToken)
    {
        var slot = SlotOf(kind);
        lock (_lock)
        {
            if (_current[slot] is { } current)
            {
                var offset = current.TryReserve(entry);
                if (offset >= 0)
                {
                    return (current, offset);
                }

                _current[slot] = null;
                Release(current);
            }

            WaitForBuffer(slot, cancellationToken);
            var next = new PackBuilder(_store.Keys, kind, AlignedMemoryPool.Shared.Rent(_targetBytes), _targetBytes);
            _current[slot] = next;
            return (next, next.TryReserve(entry));
        }
    }

    /// <summary>Says that a reserved frame is filled.</summary>
    public void Release(PackBuilder pack)
    {
        if (pack.Release() && !_full.Writer.TryWrite(pack))
        {
            // The uploads ended early: they failed, and CompleteAsync tells why.
            pack.Dispose();
        }
    }

    /// <summary>Stores a payload that was encoded before.</summary>
    public void Append(
        BlobKind kind, in PackEntry entry, ReadOnlySpan<byte> payload, CancellationToken cancellationToken)
    {
        var (pack, offset) = Reserve(kind, entry, cancellationToken);
        using var cipher = new AesGcm(pack.Key, PackLayout.TagBytes);
        pack.Fill(cipher, offset, entry, payload);
        Release(pack);
    }

    /// <summary>Puts what is left and writes the index; all frames are durable and indexed when the call
    /// returns.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            for (var slot = 0; slot < _current.Length; slot++)
            {
                if (_current[slot] is { } current)
                {
                    _current[slot] = null;
                    Release(current);
                }
            }
        }

        _full.Writer.TryComplete();
        await Task.WhenAll(_uploads);
        await _indexWriter.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _full.Writer.TryComplete();
        await _failed.CancelAsync();
        await Task.WhenAll(_uploads).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var pack in _current)
        {
            pack?.Dispose();
        }

        _indexWriter.Dispose();
        foreach (var free in _free)
        {
            free.Dispose();
        }

        _failed.Dispose();
    }

    private static int SlotOf(BlobKind kind) => kind - BlobKind.DataPack;

    private void WaitForBuffer(int slot, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failed.Token);
        try
        {
            _free[slot].Wait(either.Token);
        }
        catch (OperationCanceledException) when (_failed.IsCancellationRequested)
        {
            Task.WhenAll(_uploads).GetAwaiter().GetResult();
            throw;
        }
    }

    private async Task UploadAsync()
    {
        try
        {
            await foreach (var pack in _full.Reader.ReadAllAsync(_failed.Token))
            {
                using (pack)
                {
                    pack.Finish();
                    // IfAbsent would be wrong: an upload repeated after a timeout finds its own first attempt.
                    await _store.Blobs.PutAsync(pack.Name, pack.Content, PutCondition.None, _failed.Token);
                    Interlocked.Add(ref _storedBytes, pack.Content.Length);
                    if (_hasParity)
                    {
                        // Before the index, as the pack itself: what is indexed can be mended.
                        await _store.Blobs.PutAsync(
                            BlobNames.Parity(pack.Id), PackParity.Make(pack.Id, pack.Content.Span), PutCondition.None,
                            _failed.Token);
                    }

                    var indexed = new IndexedPack(pack.Id, pack.Kind, pack.Content.Length, pack.Entries);
                    await _indexWriter.AddAsync(indexed, _failed.Token);
                    _index.Add(indexed);
                }

                _free[SlotOf(pack.Kind)].Release();
            }
        }
        catch
        {
            await _failed.CancelAsync();
            _full.Writer.TryComplete();
            throw;
        }
    }
}
