using System.IO.Hashing;
using Continuity.Vault.Files;

namespace Continuity.Vault.Backup;

/// <summary>Puts small files together, so that a chunk is worth compressing and a pack has few entries.</summary>
/// <remarks>Where a bundle ends depends on the names of its files: when one is added or removed, the bundles after the
/// next end are the same as before, and known.</remarks>
internal sealed class BundleBuilder
{
    /// <summary>Files of at least this size are cut on their own.</summary>
    public const int SmallFileBytes = 256 << 10;

    public const int MaximumBytes = 2 << 20;

    // A bundle also ends after this many entries of the tree: the entries wait in memory for it.
    public const int MaximumEntries = 4096;

    private const int MinimumBytes = 1 << 20;
    private const ulong CutMask = 3;

    private BundleJob _bundle = new();
    private int _entries;

    /// <summary>Counts an entry of the tree that isn't bundled.</summary>
    /// <returns>A bundle that ends before it, if one does.</returns>
    public BundleJob? Pass() =>
        _bundle.Files.Count > 0 && ++_entries >= MaximumEntries ? Take() : null;

    /// <summary>Adds a file.</summary>
    /// <param name="item">The file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="bundled">The file's place, and the bundle that it is in.</param>
    /// <returns>The bundles that ended, before the file or after it.</returns>
    public List<BundleJob> Add(SourceItem item, int length, out (BundledFile File, BundleJob Bundle) bundled)
    {
        var ended = new List<BundleJob>();
        if (_bundle.Bytes + length > MaximumBytes)
        {
            ended.Add(Take()!);
        }

        bundled = (new BundledFile(item, length), _bundle);
        _bundle.Files.Add(bundled.File);
        _bundle.Bytes += length;
        var name = item.Name.AsSpan(FilePath.Split(item.Name).NameStart);
        if (++_entries >= MaximumEntries
            || (_bundle.Bytes >= MinimumBytes && (XxHash3.HashToUInt64(name) & CutMask) == 0))
        {
            ended.Add(Take()!);
        }

        return ended;
    }

    /// <summary>Ends the bundle.</summary>
    /// <returns>It, unless it is empty.</returns>
    public BundleJob? Take()
    {
        if (_bundle.Files.Count == 0)
        {
            return null;
        }

        var taken = _bundle;
        _bundle = new BundleJob();
        _entries = 0;
        return taken;
    }
}
