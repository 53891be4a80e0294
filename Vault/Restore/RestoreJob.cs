using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Restore;

/// <summary>Content that a worker writes.</summary>
internal abstract record RestoreJob
{
    /// <summary>Small files that follow each other in the snapshot, and so mostly lie in the same chunks.</summary>
    public sealed record SmallFiles(IReadOnlyList<ManifestEntry> Entries) : RestoreJob;

    /// <summary>A piece of a large file.</summary>
    public sealed record Window(RestoredFile File, long Offset, IReadOnlyList<Extent> Extents) : RestoreJob;
}

/// <summary>A large file whose windows are written by several workers.</summary>
/// <param name="entry">The file.</param>
internal sealed class RestoredFile(ManifestEntry entry)
{
    private int _open = 1;
    private int _failed;

    public ManifestEntry Entry => entry;

    public bool IsFailed => _failed != 0;

    public void Add() => Interlocked.Increment(ref _open);

    /// <summary>Records that a window couldn't be written.</summary>
    /// <returns>Whether it is the file's first failure: one sentence a file is enough.</returns>
    public bool TryFail() => Interlocked.Exchange(ref _failed, 1) == 0;

    /// <summary>Says that a window is done, or that no more will come.</summary>
    /// <returns>Whether it was the last one: the caller finishes the file.</returns>
    public bool Release() => Interlocked.Decrement(ref _open) == 0;
}
