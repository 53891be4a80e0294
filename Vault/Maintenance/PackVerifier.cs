using System.Buffers;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Storage;
using Continuity.Vault.Workers;

namespace Continuity.Vault.Maintenance;

/// <summary>Reads packs whole and checks every chunk in them. One instance serves one thread.</summary>
internal sealed class PackVerifier(
    Repository repository, ChunkIndex index, VerifyFindings findings, bool recomputesIds) : IWorker<PackInfo>
{
    private readonly ChunkFetcher _fetcher = new(repository.Store, index);
    private readonly IMemoryOwner<byte> _raw = AlignedMemoryPool.Shared.Rent(FormatLimits.ChunkBytes);
    private IMemoryOwner<byte> _pack = AlignedMemoryPool.Shared.Rent(repository.Config.PackBytes);

    public void Process(PackInfo item)
    {
        try
        {
            Verify(item);
        }
        catch (BlobNotFoundException)
        {
            findings.AddPack(item, $"Pack '{BlobNames.Pack(item.Id)}' is missing.");
        }
        catch (CorruptBlobException exception)
        {
            findings.AddPack(item, exception.Message);
        }
    }

    public void Dispose()
    {
        _fetcher.Dispose();
        _raw.Dispose();
        _pack.Dispose();
    }

    private void Verify(PackInfo info)
    {
        var name = BlobNames.Pack(info.Id);
        if (_pack.Memory.Length < info.Length)
        {
            _pack.Dispose();
            _pack = AlignedMemoryPool.Shared.Rent(info.Length);
        }

        var pack = _pack.Memory[..info.Length];
        var length = repository.Store.Blobs.GetAsync(name, 0, pack, findings.Stopped).AsTask().GetAwaiter().GetResult();
        findings.AddBytes(length);
        if (length < info.Length)
        {
            throw new CorruptBlobException(name, $"it has {length} of {info.Length} bytes");
        }

        using var reader = new PackReader(repository.Store.Keys, info.Id, info.Kind, pack.Span);
        var entries = reader.OpenWhole(pack.Span);
        index.Packs.TryGetNumber(info.Id, out var number);
        var offset = BlobHeader.Length;
        foreach (var entry in entries)
        {
            Verify(new ChunkLocation(number, offset, entry), pack.Span);
            offset += entry.FrameLength;
        }
    }

    // One damaged chunk doesn't hide those behind it.
    private void Verify(in ChunkLocation location, ReadOnlySpan<byte> pack)
    {
        try
        {
            var frame = pack.Slice(location.Offset, location.Entry.FrameLength);
            var length = _fetcher.Decode(location, frame, _raw.Memory.Span, findings.Stopped);
            if (recomputesIds || !_fetcher.IsProvenByDecoding(location, findings.Stopped))
            {
                _fetcher.CheckId(location, _raw.Memory.Span[..length]);
            }

            findings.AddChunk();
        }
        catch (Exception exception) when (exception is CorruptBlobException or MissingChunkException)
        {
            findings.AddChunk(location.Entry.Id, BlobNames.Pack(index.Packs[location.Pack].Id), exception.Message);
        }
    }
}
