using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Maintenance;

/// <summary>Reads packs whole, and rebuilds damaged ones from their parity.</summary>
internal sealed class PackMender(SealedStore store)
{
    /// <summary>Checks a pack, and mends it if it is damaged and can be.</summary>
    /// <returns>The pack if it is sound now, and whether it was mended.</returns>
    public async Task<(IndexedPack? Pack, bool WasMended)> CheckAsync(
        BlobInfo blob, BlobId id, CancellationToken cancellationToken)
    {
        if (blob.Length > FormatLimits.PackBytes)
        {
            return (null, false);
        }

        var content = new byte[blob.Length];
        try
        {
            await store.Blobs.GetAsync(blob.Name, 0, content, cancellationToken);
        }
        catch (BlobNotFoundException)
        {
            return (null, false);
        }

        if (TryOpen(store.Keys, id, content) is { } sound)
        {
            return (sound, false);
        }

        byte[] parity;
        try
        {
            parity = await store.Blobs.GetWholeAsync(
                BlobNames.Parity(id), PackParity.MaximumBytes, cancellationToken);
            // What a pack was cut off by is damage like any other, and what was put after its end is none of it.
            Array.Resize(ref content, PackParity.PackLength(id, parity));
            if (PackParity.Mend(id, content, parity) < 0)
            {
                return (null, false);
            }
        }
        catch (Exception exception)
            when (exception is BlobNotFoundException or CorruptBlobException or InvalidDataException)
        {
            return (null, false);
        }

        // Parity isn't authenticated: what it yields counts only if every frame is the writer's.
        if (TryOpen(store.Keys, id, content) is not { } rebuilt)
        {
            return (null, false);
        }

        await store.Blobs.PutAsync(blob.Name, content, PutCondition.None, cancellationToken);
        return (rebuilt, true);
    }

    /// <summary>Reads a pack if all of it authenticates.</summary>
    private static IndexedPack? TryOpen(KeyRing keys, BlobId id, ReadOnlySpan<byte> content)
    {
        if (content.Length < BlobHeader.Length)
        {
            return null;
        }

        var kind = (BlobKind)content[10];
        if (kind is not (BlobKind.DataPack or BlobKind.ManifestPack))
        {
            return null;
        }

        try
        {
            using var reader = new PackReader(keys, id, kind, content);
            var entries = reader.OpenWhole(content);
            var payload = new byte[FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes];
            var offset = BlobHeader.Length;
            foreach (var entry in entries)
            {
                reader.OpenFrame(entry, offset, content.Slice(offset, entry.FrameLength), payload);
                offset += entry.FrameLength;
            }

            return new IndexedPack(id, kind, content.Length, entries);
        }
        catch (Exception exception) when (exception is CorruptBlobException or UnsupportedFormatException)
        {
            return null;
        }
    }
}
