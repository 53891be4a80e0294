using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>Which snapshots a retention policy is about, and which of them are of one source: it is applied to each
/// source on its own.</summary>
public sealed record ForgetScope
{
    /// <summary>Gets whether the policy is about a snapshot.</summary>
    /// <value>The default is every one.</value>
    public Func<SnapshotInfo, bool> Includes { get; init; } = _ => true;

    /// <summary>Gets whether snapshots of different machines are of different sources.</summary>
    /// <value>The default is true.</value>
    public bool ByHost { get; init; } = true;

    /// <summary>Gets whether snapshots of different paths are of different sources.</summary>
    /// <value>The default is true.</value>
    public bool ByPaths { get; init; } = true;

    /// <summary>Gets whether snapshots with different tags are of different sources.</summary>
    public bool ByTags { get; init; }

    internal (string Host, string Paths, string Tags) SourceOf(SnapshotInfo snapshot) => (
        ByHost ? snapshot.Host : string.Empty,
        ByPaths ? string.Join('\0', snapshot.Roots) : string.Empty,
        ByTags ? string.Join('\0', snapshot.Tags.Order(StringComparer.Ordinal)) : string.Empty);
}
