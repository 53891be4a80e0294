using System.Buffers;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Maintenance;

/// <summary>Moves what is sound out of packs that are damaged for good: the index knows where the frames were, and
/// each frame proves itself.</summary>
internal sealed class PackSalvage(SealedStore store, ChunkIndex index, PackWriter target)
{
    private readonly byte[] _payload =
        GC.AllocateUninitializedArray<byte>(FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes);

    /// <summary>Moves the sound chunks of damaged packs.</summary>
    public void Move(IReadOnlyCollection<PackInfo> packs, CancellationToken cancellationToken)
    {
        var chunks = ChunksOf(packs);
        foreach (var pack in packs)
        {
            if (chunks.TryGetValue(pack.Id, out var held))
            {
                Move(pack, held, cancellationToken);
            }
        }
    }

    private Dictionary<BlobId, List<ChunkLocation>> ChunksOf(IReadOnlyCollection<PackInfo> packs)
    {
        var wanted = packs.Select(pack => pack.Id).ToHashSet();
        var chunks = new Dictionary<BlobId, List<ChunkLocation>>();
        foreach (var run in index.Runs)
        {
            for (var row = 0; row < run.Count; row++)
            {
                var location = run.At(row);
                var id = index.Packs[location.Pack].Id;
                if (!wanted.Contains(id))
                {
                    continue;
                }

                if (!chunks.TryGetValue(id, out var held))
                {
                    chunks[id] = held = [];
                }

                held.Add(location);
            }
        }

        return chunks;
    }

    private void Move(PackInfo pack, List<ChunkLocation> chunks, CancellationToken cancellationToken)
    {
        using var buffer = MemoryPool<byte>.Shared.Rent(Math.Max(pack.Length, BlobHeader.Length));
        var memory = buffer.Memory[..pack.Length];
        int length;
        try
        {
            length = store.Blobs.GetAsync(BlobNames.Pack(pack.Id), 0, memory, cancellationToken)
                .AsTask().GetAwaiter().GetResult();
        }
        catch (BlobNotFoundException)
        {
            return;
        }

        using var reader = Open(pack, memory.Span[..length]);
        foreach (var chunk in chunks.Where(chunk => chunk.Offset + chunk.Entry.FrameLength <= length))
        {
            PackEntry moved;
            try
            {
                var frame = memory.Span.Slice(chunk.Offset, chunk.Entry.FrameLength);
                moved = reader.OpenToMove(chunk.Entry, chunk.Offset, frame, _payload);
            }
            catch (CorruptBlobException)
            {
                // This one is lost; those behind it may not be.
                continue;
            }

            var payload = _payload.AsSpan(0, chunk.Entry.PayloadLength)[^moved.PayloadLength..];
            target.Append(pack.Kind, moved, payload, cancellationToken);
        }
    }

    /// <summary>Opens a pack, if need be by the header that it must have had: all of it is known unless a writer's
    /// key made it.</summary>
    private PackReader Open(PackInfo pack, ReadOnlySpan<byte> content)
    {
        try
        {
            return new PackReader(store.Keys, pack.Id, pack.Kind, content);
        }
        catch (CorruptBlobException)
        {
            var header = new byte[BlobHeader.Length];
            new BlobHeader(pack.Kind, pack.Id, default).WriteTo(header);
            return new PackReader(store.Keys, pack.Id, pack.Kind, header);
        }
    }
}
