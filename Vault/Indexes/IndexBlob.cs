using Continuity.Vault.Formats;
using Continuity.Vault.Packs;

namespace Continuity.Vault.Indexes;

/// <summary>A pack with all of its entries, as index blobs hold it.</summary>
internal sealed record IndexedPack(BlobId Id, BlobKind Kind, int Length, IReadOnlyList<PackEntry> Entries)
{
    private const int MinimumPackBytes = BlobId.Length + 3;

    public void WriteTo(FormatWriter writer)
    {
        writer.BlobId(Id);
        writer.Byte((byte)Kind);
        writer.VarInt(Length);
        writer.VarInt(Entries.Count);
        foreach (var entry in Entries)
        {
            entry.WriteTo(writer);
        }
    }

    /// <summary>Reads the packs of an index blob's content, one after the other.</summary>
    public static List<IndexedPack> ReadAll(ReadOnlySpan<byte> content, string blobName)
    {
        var reader = new FormatReader(content, blobName);
        var packs = new List<IndexedPack>(content.Length / (1 << 10));
        while (!reader.AtEnd)
        {
            packs.Add(Read(ref reader));
        }

        return packs;
    }

    private static IndexedPack Read(ref FormatReader reader)
    {
        if (reader.Remaining < MinimumPackBytes)
        {
            throw reader.Broken("it ends inside a pack");
        }

        var id = reader.BlobId();
        var kind = (BlobKind)reader.Byte();
        var length = reader.VarInt(FormatLimits.PackBytes);
        var entries = new PackEntry[reader.Count(PackEntry.MinimumBytes)];
        long end = BlobHeader.Length;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = PackEntry.Read(ref reader);
            end += entries[i].FrameLength;
        }

        return end <= length && kind is BlobKind.DataPack or BlobKind.ManifestPack
            ? new IndexedPack(id, kind, length, entries)
            : throw reader.Broken($"pack {id} is shorter than its frames, or of no known kind");
    }
}
