using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>The next record of the manifest to be; its content may still be on its way through the workers.</summary>
internal abstract record PlannedEntry
{
    /// <summary>Nothing to wait for.</summary>
    public sealed record Ready(ManifestEntry Entry) : PlannedEntry;

    /// <summary>A small file in a bundle.</summary>
    public sealed record Bundled(BundledFile File, BundleJob Bundle) : PlannedEntry;

    /// <summary>A part of a large file: <paramref name="Entry"/> is the file, or more extents of it.</summary>
    public sealed record Part(ManifestEntry Entry, FilePart Content) : PlannedEntry;

    /// <summary>Something that couldn't be read, or changed while it was read.</summary>
    public sealed record Problem(byte[] Path, string Sentence) : PlannedEntry;
}
