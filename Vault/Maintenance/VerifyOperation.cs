using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;
using Continuity.Vault.Workers;

namespace Continuity.Vault.Maintenance;

/// <summary>Checks that every snapshot can be restored.</summary>
/// <remarks>Damage is listed and the check goes on; it changes nothing. Backups may run meanwhile.</remarks>
public static class VerifyOperation
{
    private const int PacksInQueue = 4;

    /// <summary>Verifies.</summary>
    /// <param name="repository">What to verify.</param>
    /// <param name="options">How much to read.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="StoreException">The store failed; that says nothing about the repository.</exception>
    public static async Task<VerifyResult> RunAsync(
        Repository repository, VerifyOptions options, IProgress<VerifyProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Part, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Part, options.Parts);
        var findings = new VerifyFindings(cancellationToken);
        await VerifyKeysAsync(repository, findings, cancellationToken);
        var snapshots = await SnapshotStore.ReadAllAsync(repository.Store, findings.Add, cancellationToken);
        var loaded = await IndexLoader.LoadAsync(repository.Store, findings.Add, cancellationToken);
        var packs = await VerifyPackLengthsAsync(repository, loaded, findings, cancellationToken);
        var result = await Task.Factory.StartNew(
            () =>
            {
                if (options.Depth == VerifyDepth.Data)
                {
                    ReadPacks(repository, loaded.Index, packs, options, findings, progress);
                }

                return new TreeVerifier(repository, loaded.Index, findings).Run(snapshots);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return new VerifyResult(
            snapshots.Count, packs.Count, findings.Chunks, findings.Bytes, findings.Problems, result);
    }

    private static async Task VerifyKeysAsync(
        Repository repository, VerifyFindings findings, CancellationToken cancellationToken)
    {
        await KeyStore.ReadAllAsync(repository.Store.Blobs, findings.Add, cancellationToken);
        try
        {
            await repository.Store.ReadAsync(BlobNames.Config, BlobKind.Config, repository.Id, cancellationToken);
        }
        catch (CorruptBlobException exception)
        {
            findings.Add(exception);
        }
    }

    private static async Task<List<PackInfo>> VerifyPackLengthsAsync(
        Repository repository, LoadedIndex loaded, VerifyFindings findings, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<BlobId, long>();
        await foreach (var (blob, id) in repository.Store.ListAsync(BlobNames.Packs, cancellationToken))
        {
            stored[id] = blob.Length;
        }

        var packs = new List<PackInfo>();
        foreach (var pack in loaded.Index.Packs.ToArray())
        {
            if (!stored.TryGetValue(pack.Id, out var length))
            {
                // Deleted on purpose, and an older index still names it: nothing may refer to it any more.
                if (pack.State != PackState.Entombed)
                {
                    findings.AddPack(pack, $"Pack '{BlobNames.Pack(pack.Id)}' is missing.");
                }

                continue;
            }

            packs.Add(pack);
            if (length != pack.Length)
            {
                findings.AddPack(
                    pack, $"Pack '{BlobNames.Pack(pack.Id)}' has {length} bytes; the index says {pack.Length}.");
            }
        }

        return packs;
    }

    private static void ReadPacks(
        Repository repository, ChunkIndex index, List<PackInfo> packs, VerifyOptions options, VerifyFindings findings,
        IProgress<VerifyProgress>? progress)
    {
        // Ids are random, so that any digit of them deals the packs out evenly, and always the same way.
        var part = packs.Where(pack => options.Parts == 1 || Deal(pack.Id, options.Parts) == options.Part - 1).ToList();
        using var workers = new WorkerGroup<PackInfo>(
            "vault verify", options.Workers, PacksInQueue,
            () => new PackVerifier(repository, index, findings, options.RecomputesIds), findings.Stopped);
        for (var i = 0; i < part.Count; i++)
        {
            workers.Post(part[i]);
            progress?.Report(new VerifyProgress(i, part.Count, findings.Bytes));
        }

        workers.Complete();
        progress?.Report(new VerifyProgress(part.Count, part.Count, findings.Bytes));
    }

    private static int Deal(BlobId id, int parts)
    {
        Span<byte> bytes = stackalloc byte[BlobId.Length];
        id.WriteTo(bytes);
        return (int)(BitConverter.ToUInt32(bytes) % (uint)parts);
    }
}
