using System.Globalization;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>Which snapshots are kept: grandfather, father, son. A snapshot is kept if any rule keeps it.</summary>
/// <remarks>A period is counted only if it has a snapshot, and its newest one is kept. All days and weeks are
/// UTC's.</remarks>
public sealed record RetentionPolicy
{
    /// <summary>Gets how many of the newest snapshots are kept.</summary>
    public int Last { get; init; }

    /// <summary>Gets for how many hours that have a snapshot one is kept.</summary>
    public int Hourly { get; init; }

    /// <summary>Gets for how many days that have a snapshot one is kept.</summary>
    public int Daily { get; init; }

    /// <summary>Gets for how many ISO weeks that have a snapshot one is kept.</summary>
    public int Weekly { get; init; }

    /// <summary>Gets for how many months that have a snapshot one is kept.</summary>
    public int Monthly { get; init; }

    /// <summary>Gets for how many years that have a snapshot one is kept.</summary>
    public int Yearly { get; init; }

    /// <summary>Gets within what time before the newest snapshot every one is kept.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>Gets the tags that keep a snapshot.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Gets whether any rule keeps anything. A policy that keeps nothing is a mistake and is
    /// refused.</summary>
    public bool KeepsAnything =>
        Last > 0 || Hourly > 0 || Daily > 0 || Weekly > 0 || Monthly > 0 || Yearly > 0 || Within > TimeSpan.Zero
        || Tags.Count > 0;

    /// <summary>Chooses among the snapshots of one source.</summary>
    /// <param name="snapshots">The snapshots, in any order.</param>
    /// <returns>Those to keep.</returns>
    public IReadOnlySet<SnapshotInfo> Keep(IEnumerable<SnapshotInfo> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        var newestFirst = snapshots.OrderByDescending(snapshot => snapshot.Record.Time).ToList();
        var kept = new HashSet<SnapshotInfo>(newestFirst.Take(Last));
        KeepPeriods(newestFirst, kept, Hourly, time => time.ToString("yyyyMMddHH", CultureInfo.InvariantCulture));
        KeepPeriods(newestFirst, kept, Daily, time => time.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        KeepPeriods(
            newestFirst, kept, Weekly, time =>
                $"{ISOWeek.GetYear(time.UtcDateTime)}-{ISOWeek.GetWeekOfYear(time.UtcDateTime)}");
        KeepPeriods(newestFirst, kept, Monthly, time => time.ToString("yyyyMM", CultureInfo.InvariantCulture));
        KeepPeriods(newestFirst, kept, Yearly, time => time.ToString("yyyy", CultureInfo.InvariantCulture));
        kept.UnionWith(newestFirst.Where(snapshot =>
            (Within > TimeSpan.Zero && newestFirst[0].Time - snapshot.Time <= Within)
            || snapshot.Tags.Any(tag => Tags.Contains(tag))));
        return kept;
    }

    private static void KeepPeriods(
        List<SnapshotInfo> newestFirst, HashSet<SnapshotInfo> kept, int periods, Func<DateTimeOffset,
            string> periodOf) =>
        kept.UnionWith(newestFirst.DistinctBy(snapshot => periodOf(snapshot.Time)).Take(periods));
}
