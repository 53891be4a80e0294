using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Indexes;

/// <summary>Gathers durable packs and writes them into index blobs. Thread-safe.</summary>
/// <remarks>An index is written every few GiB and not only at the end, so that what an interrupted backup stored is
/// found by the next one.</remarks>
internal sealed class IndexWriter(SealedStore store) : IDisposable
{
    private const long BytesPerIndex = 4L << 30;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly FormatWriter _content = new(64 << 10);
    private int _entries;
    private long _packBytes;

    public async ValueTask AddAsync(IndexedPack pack, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_entries > 0 && _entries + pack.Entries.Count > FormatLimits.EntriesPerIndex)
            {
                await WriteAsync(cancellationToken);
            }

            pack.WriteTo(_content);
            _entries += pack.Entries.Count;
            _packBytes += pack.Length;
            if (_packBytes >= BytesPerIndex)
            {
                await WriteAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes what is left; durable when the call returns.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        if (_content.Length == 0)
        {
            return;
        }

        var id = BlobId.NewRandom();
        await store.WriteAsync(BlobNames.Index(id), BlobKind.Index, id, _content.Memory, cancellationToken);
        _content.Clear();
        _entries = 0;
        _packBytes = 0;
    }
}
