using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Repositories;

namespace Continuity.Vault.Maintenance;

/// <summary>Packs that a prune means to delete.</summary>
/// <param name="Id">The mark's id.</param>
/// <param name="Packs">The packs.</param>
/// <param name="Sessions">Who was running when they were named.</param>
/// <param name="WitnessedAt">When that was known, by the store's clock.</param>
internal sealed record PackMark(BlobId Id, BlobId[] Packs, BlobId[] Sessions, DateTimeOffset WitnessedAt);

/// <summary>Reads and writes marks.</summary>
internal static class PackMarks
{
    /// <summary>Names packs to delete; see the format, section 8, for why the order matters.</summary>
    public static async Task WriteAsync(
        SealedStore store, IReadOnlyCollection<BlobId> packs, Session own, CancellationToken cancellationToken)
    {
        var id = BlobId.NewRandom();
        await store.WriteAsync(BlobNames.Mark(id), BlobKind.Mark, id, PackList.Write(packs), cancellationToken);
        await WitnessAsync(store, id, own, cancellationToken);
    }

    /// <summary>Reads all marks. One whose maker died before it wrote down the sessions gets them now.</summary>
    public static async Task<List<PackMark>> ReadAllAsync(
        SealedStore store, Session own, CancellationToken cancellationToken)
    {
        var marks = new List<PackMark>();
        var names = new List<(string Name, BlobId Id)>();
        await foreach (var (blob, id) in store.ListAsync(BlobNames.Marks, cancellationToken))
        {
            names.Add((blob.Name, id));
        }

        foreach (var (name, id) in names)
        {
            if (await TryReadAsync(store, name, id, own, cancellationToken) is { } mark)
            {
                marks.Add(mark);
            }
        }

        return marks;
    }

    private static async Task<PackMark?> TryReadAsync(
        SealedStore store, string name, BlobId id, Session own, CancellationToken cancellationToken)
    {
        var witness = BlobNames.MarkSessions(id);
        try
        {
            if (await store.TryReadAsync(name, BlobKind.Mark, id, cancellationToken) is not { } content)
            {
                return null;
            }

            if (await store.Blobs.StatAsync(witness, cancellationToken) is not { } info)
            {
                await WitnessAsync(store, id, own, cancellationToken);
                return null;
            }

            var sessions = ReadSessions(
                await store.ReadAsync(witness, BlobKind.MarkSessions, null, cancellationToken), witness, id);
            return new PackMark(id, PackList.Read(content, name), sessions, info.Modified);
        }
        catch (CorruptBlobException)
        {
            // Nobody can act on a damaged mark: without it its packs are marked anew.
            await store.Blobs.DeleteAsync(name, cancellationToken);
            await store.Blobs.DeleteAsync(witness, cancellationToken);
            return null;
        }
    }

    private static async Task WitnessAsync(
        SealedStore store, BlobId mark, Session own, CancellationToken cancellationToken)
    {
        var sessions = await SessionList.ReadAsync(store, own, cancellationToken);
        var writer = new FormatWriter();
        writer.BlobId(mark);
        writer.Raw(PackList.Write(sessions.Alive).Span);
        await store.WriteAsync(
            BlobNames.MarkSessions(mark), BlobKind.MarkSessions, BlobId.NewRandom(), writer.Memory, cancellationToken);
    }

    private static BlobId[] ReadSessions(ReadOnlySpan<byte> content, string name, BlobId mark)
    {
        var reader = new FormatReader(content, name);
        var named = reader.BlobId();
        return named == mark
            ? PackList.Read(reader.Take(reader.Remaining), name)
            : throw reader.Broken($"it is of mark {named}");
    }
}
