using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Restore;

/// <summary>Hard links that are restored without the file that they were made to: the first of them becomes the file,
/// the others its links.</summary>
internal sealed class LinkedFiles
{
    private readonly Dictionary<string, byte[]> _firstLinks = new(StringComparer.Ordinal);

    public bool HasAny => _firstLinks.Count > 0;

    /// <summary>Takes note of a link whose file isn't restored.</summary>
    public void Add(ManifestEntry link) => _firstLinks.TryAdd(FilePath.KeyOf(link.Target), link.Path);

    /// <summary>Gets the file under the path of the first link to it, or null if nothing links to it.</summary>
    public ManifestEntry? InPlaceOf(ManifestEntry file) =>
        file.Type != EntryType.HardLink && _firstLinks.TryGetValue(FilePath.KeyOf(file.Path), out var path)
            ? file with { Path = path }
            : null;

    /// <summary>Gets a link as it is made: to the file, or to the link that has become it. Null if it has become the
    /// file itself.</summary>
    public ManifestEntry? LinkFor(ManifestEntry link)
    {
        if (!_firstLinks.TryGetValue(FilePath.KeyOf(link.Target), out var path))
        {
            return link;
        }

        return path.AsSpan().SequenceEqual(link.Path) ? null : link with { Target = path };
    }
}
