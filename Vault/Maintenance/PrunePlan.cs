using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>What a prune means to do.</summary>
internal sealed class PrunePlan
{
    private const int ManySmallPacks = 32;

    private readonly Reachability _reachability;
    private readonly int _smallPackBytes;
    private readonly List<PackInfo> _small = [];

    private PrunePlan(ChunkIndex index, Reachability reachability, int packBytes)
    {
        _smallPackBytes = packBytes / 4;
        Index = index;
        _reachability = reachability;
    }

    public ChunkIndex Index { get; }

    /// <summary>Packs without a chunk in use; those in no index too.</summary>
    public List<BlobId> Unused { get; } = [];

    /// <summary>Packs whose chunks in use move to new ones.</summary>
    public List<PackInfo> Rewritten { get; } = [];

    public long UsedBytes => _reachability.UsedBytes;

    public long UnusedBytes { get; private set; }

    public IReadOnlyCollection<BlobId> ToMark => [.. Unused, .. Rewritten.Select(pack => pack.Id)];

    public static async Task<PrunePlan> MakeAsync(
        Repository repository, PruneOptions options, CancellationToken cancellationToken)
    {
        var snapshots = await SnapshotStore.ReadAllAsync(repository.Store, null, cancellationToken);
        var loaded = await IndexLoader.LoadAsync(repository.Store, null, cancellationToken);
        var reachability = await Task.Run(
            () => Reachability.Compute(repository, snapshots, loaded.Index, cancellationToken), cancellationToken);
        var plan = new PrunePlan(loaded.Index, reachability, repository.Config.PackBytes);
        await foreach (var (blob, id) in repository.Store.ListAsync(BlobNames.Packs, cancellationToken))
        {
            // What is marked or entombed is in the hands of the second phase.
            if (!loaded.Doomed.Marked.Contains(id) && !loaded.Doomed.Entombed.Contains(id))
            {
                plan.Judge(id, blob.Length, options.MinimumUse);
            }
        }

        plan.JoinSmall();
        return plan;
    }

    /// <summary>Whether this pack's copy of a chunk is the one that is used.</summary>
    public bool IsUsedIn(BlobId pack, ChunkId chunk)
    {
        var table = _reachability.Table;
        for (var row = table.Find(chunk); row >= 0 && row < table.Count && table.IdAt(row) == chunk; row++)
        {
            if (_reachability.IsUsed(row) && Index.Packs[table.At(row).Pack].Id == pack)
            {
                return true;
            }
        }

        return false;
    }

    private void Judge(BlobId id, long length, double minimumUse)
    {
        if (!Index.Packs.TryGetNumber(id, out var number))
        {
            UnusedBytes += length;
            Unused.Add(id);
            return;
        }

        var used = _reachability.UsedBytesOf(number);
        var held = _reachability.HeldBytesOf(number);
        UnusedBytes += held - used;
        if (used == 0)
        {
            Unused.Add(id);
        }
        else if (used < held * minimumUse)
        {
            Rewritten.Add(Index.Packs[number]);
        }
        else if (length < _smallPackBytes)
        {
            _small.Add(Index.Packs[number]);
        }
    }

    // Every backup leaves small packs, however little changed; joined, they are read and listed faster.
    private void JoinSmall()
    {
        if (_small.Count >= ManySmallPacks)
        {
            Rewritten.AddRange(_small);
        }
    }
}
