using Continuity.Vault.Formats;

namespace Continuity.Vault.Indexes;

/// <summary>A list of pack ids: the content of marks and tombstones.</summary>
internal static class PackList
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyCollection<BlobId> packs)
    {
        var writer = new FormatWriter(8 + (packs.Count * BlobId.Length));
        writer.VarInt(packs.Count);
        foreach (var pack in packs)
        {
            writer.BlobId(pack);
        }

        return writer.Memory;
    }

    /// <summary>Reads a list; one that was deleted since it was listed (null) names nothing.</summary>
    public static BlobId[] Read(ReadOnlySpan<byte> content, string blobName)
    {
        if (content.IsEmpty)
        {
            return [];
        }

        var reader = new FormatReader(content, blobName);
        var packs = new BlobId[reader.Count(BlobId.Length)];
        for (var i = 0; i < packs.Length; i++)
        {
            packs[i] = reader.BlobId();
        }

        reader.ExpectEnd();
        return packs;
    }
}
