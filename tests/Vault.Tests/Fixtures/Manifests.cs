using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Tests.Fixtures;

/// <summary>Looks into the manifests of snapshots.</summary>
internal static class Manifests
{
    /// <summary>The extents of a file in the newest snapshot.</summary>
    public static async Task<IReadOnlyList<Extent>> ExtentsAsync(Repository repository, string path)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var snapshot = (await repository.ListSnapshotsAsync(cancellationToken))[^1];
        var loaded = await IndexLoader.LoadAsync(repository.Store, null, cancellationToken);
        using var fetcher = new ChunkFetcher(repository.Store, loaded.Index);
        var entries = new ManifestReader(fetcher, snapshot).Read(cancellationToken);
        return entries.Single(entry => entry.DisplayPath == path).Extents;
    }
}
