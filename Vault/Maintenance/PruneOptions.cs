namespace Continuity.Vault.Maintenance;

/// <summary>How to prune.</summary>
public sealed record PruneOptions
{
    /// <summary>Gets how long a pack stays after it was marked, for restores that read it.</summary>
    /// <value>The default value is 24 hours. Zero deletes at once what no running backup needs: backups are always
    /// waited for, a restore of a forgotten snapshot isn't.</value>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Gets the share of a pack that must be in use, or its chunks move to a new one.</summary>
    /// <value>The default value is 0.75; 0 never rewrites, 1 rewrites whatever has any unused byte.</value>
    public double MinimumUse { get; init; } = 0.75;

    /// <summary>Gets whether the plan is made but not carried out.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What a prune found and did.</summary>
/// <param name="UsedBytes">Bytes of chunks that snapshots need.</param>
/// <param name="UnusedBytes">Bytes of packs beyond that.</param>
/// <param name="UnusedPacks">Packs without any chunk in use, those in no index included.</param>
/// <param name="RewrittenPacks">Packs with too little in use, whose chunks move.</param>
/// <param name="MarkedPacks">Packs marked in this run; a later run deletes them.</param>
/// <param name="DeletedPacks">Packs deleted in this run.</param>
/// <param name="DeletedBytes">Bytes of these packs.</param>
/// <param name="WaitsFor">Running backups that a deletion waits for.</param>
public sealed record PruneResult(
    long UsedBytes, long UnusedBytes, int UnusedPacks, int RewrittenPacks, int MarkedPacks, int DeletedPacks,
    long DeletedBytes, int WaitsFor);
