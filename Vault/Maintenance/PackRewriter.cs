using System.Buffers;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Maintenance;

/// <summary>Moves encoded chunks into new packs without decoding them. One instance serves one thread.</summary>
internal sealed class PackRewriter(SealedStore source, PackWriter target) : IDisposable
{
    private IMemoryOwner<byte> _pack = AlignedMemoryPool.Shared.Rent(1 << 20);
    private readonly byte[] _payload =
        GC.AllocateUninitializedArray<byte>(FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes);

    /// <summary>Moves those chunks of a pack that are wanted; each is authenticated on the way.</summary>
    public void Move(PackInfo info, Func<PackEntry, bool> isWanted, CancellationToken cancellationToken)
    {
        var name = BlobNames.Pack(info.Id);
        if (_pack.Memory.Length < info.Length)
        {
            _pack.Dispose();
            _pack = AlignedMemoryPool.Shared.Rent(info.Length);
        }

        var pack = _pack.Memory[..info.Length];
        if (source.Blobs.GetAsync(name, 0, pack, cancellationToken).AsTask().GetAwaiter().GetResult() < info.Length)
        {
            throw new CorruptBlobException(name, $"it has fewer than {info.Length} bytes");
        }

        using var reader = new PackReader(source.Keys, info.Id, info.Kind, pack.Span);
        var offset = BlobHeader.Length;
        foreach (var entry in reader.OpenWhole(pack.Span))
        {
            if (isWanted(entry))
            {
                var frame = pack.Span.Slice(offset, entry.FrameLength);
                var moved = reader.OpenToMove(entry, offset, frame, _payload);
                var payload = _payload.AsSpan(0, entry.PayloadLength)[^moved.PayloadLength..];
                target.Append(info.Kind, moved, payload, cancellationToken);
            }

            offset += entry.FrameLength;
        }
    }

    public void Dispose() => _pack.Dispose();
}
