using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>Something found in the source: an entry of the tree to be, or what couldn't be read.</summary>
/// <param name="Entry">The entry, without extents; null if it couldn't be read.</param>
/// <param name="Root">The opened root that it is below.</param>
/// <param name="Name">Its path below that root, for opening.</param>
/// <param name="Problem">Why it couldn't be read.</param>
internal sealed record SourceItem(ManifestEntry? Entry, FolderHandle? Root, byte[] Name, string? Problem);
