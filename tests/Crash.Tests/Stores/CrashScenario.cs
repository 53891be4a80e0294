using Continuity.Vault.Backup;
using Continuity.Vault.Crypto;
using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;
using Continuity.Vault.Restore;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Crash.Tests.Stores;

/// <summary>A life of a repository, in steps, with what must be true of it whatever happened in between.</summary>
internal sealed class CrashScenario : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _images = [];
    private readonly string[] _versions;
    private readonly bool _hasParity;

    /// <summary>Makes the versions of a folder that the scenario backs up; every other seed's repository has
    /// parity.</summary>
    public CrashScenario(int seed)
    {
        _hasParity = seed % 2 == 1;
        var random = new Random(seed);
        _versions = [.. Enumerable.Range(0, 3).Select(version => _folder.Make($"version{version}"))];
        var weights = new byte[280_000];
        random.NextBytes(weights);
        for (var version = 0; version < _versions.Length; version++)
        {
            random.NextBytes(weights.AsSpan(random.Next(200_000), 1000));
            File.WriteAllBytes(Path.Combine(_versions[version], "weights.bin"), weights);
            for (var file = 0; file < 3; file++)
            {
                File.WriteAllText(Path.Combine(_versions[version], $"small{file}"),
                    $"{file} {random.Next(2 + version)}");
            }
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes a repository with one snapshot, that no fault may ever cost.</summary>
    public async Task<MemoryBlobStore> PrepareAsync()
    {
        var store = new MemoryBlobStore(TimeProvider.System);
        await PrepareAsync(store);
        return store;
    }

    /// <summary>Makes the same in a store of the caller's.</summary>
    public async Task PrepareAsync(IBlobStore store)
    {
        using var secret = Secret();
        var repository = await Repository.InitializeAsync(
            store, secret, new RepositoryOptions { Parity = _hasParity }, TimeProvider.System, Cancellation);
        await BackupAsync(repository, 0);
    }

    /// <summary>Back up, forget the first snapshot, prune, back up again, change the key, repair, prune.</summary>
    /// <param name="store">The store that fails.</param>
    /// <param name="acknowledged">Gets the snapshots whose backup returned; those that were forgotten leave it.</param>
    public async Task LiveAsync(IBlobStore store, List<BlobId> acknowledged)
    {
        var repository = await OpenAsync(store);
        acknowledged.AddRange((await repository.ListSnapshotsAsync(Cancellation)).Select(snapshot => snapshot.Id));
        acknowledged.Add(await BackupAsync(repository, 1));
        var plan = await ForgetOperation.PlanAsync(
            repository, new RetentionPolicy { Last = 1 }, Cancellation);
        acknowledged.RemoveAll(id => plan.Forgotten.Any(snapshot => snapshot.Id == id));
        await ForgetOperation.ExecuteAsync(repository, plan, Cancellation);
        await PruneOperation.RunAsync(repository, new PruneOptions { Grace = TimeSpan.Zero, MinimumUse = 1 },
            Cancellation);
        acknowledged.Add(await BackupAsync(repository, 2));
        await ChangeKeyAsync(repository);
        await RepairOperation.RunAsync(repository, null, Cancellation);
        await PruneOperation.RunAsync(repository, new PruneOptions { Grace = TimeSpan.Zero, MinimumUse = 1 },
            Cancellation);
    }

    /// <summary>Checks, on what the crash left, that nothing committed is lost and that life goes on.</summary>
    public async Task CheckAsync(IBlobStore store, List<BlobId> acknowledged)
    {
        var repository = await OpenAsync(store);
        var visible = new HashSet<BlobId>();
        await foreach (var (_, id) in repository.Store.ListAsync(BlobNames.Snapshots, Cancellation))
        {
            visible.Add(id);
        }

        Assert.All(acknowledged, id => Assert.Contains(id, visible));
        var verified = await VerifyOperation.RunAsync(
            repository, new VerifyOptions { Depth = VerifyDepth.Data, Workers = 1 }, null, Cancellation);
        Assert.Empty(verified.Affected);
        foreach (var id in acknowledged)
        {
            await RestoreAsync(repository, id);
        }

        // No unlock, no repair: the next backup just works.
        await RestoreAsync(repository, await BackupAsync(repository, 1));
    }

    public void Dispose() => _folder.Dispose();

    // The new key before the old one goes: at every moment one of them opens the repository. Both have one secret here,
    // so that the check needs not know how far the change came.
    private static async Task ChangeKeyAsync(Repository repository)
    {
        using var secret = Secret();
        var old = (await repository.ListKeysAsync(Cancellation))[0];
        await repository.AddKeyAsync(KeyKind.Full, "changed", secret, Cancellation);
        await repository.RemoveKeyAsync(old.Id, Cancellation);
    }

    private static KeySecret Secret() => KeySecret.FromKeyFile(new byte[KeySecret.KeyFileBytes]);

    private static async Task<Repository> OpenAsync(IBlobStore store)
    {
        using var secret = Secret();
        return await Repository.OpenAsync(store, secret, TimeProvider.System, Cancellation);
    }

    private async Task<BlobId> BackupAsync(Repository repository, int version)
    {
        var options = new BackupOptions { Roots = [_versions[version]], Host = "host", Workers = 1 };
        return (await BackupOperation.RunAsync(repository, options, null, Cancellation)).Snapshot;
    }

    private async Task RestoreAsync(Repository repository, BlobId id)
    {
        var target = _folder.Combine("target");
        FolderTree.Remove(target);
        var result = await RestoreOperation.RunAsync(
            repository, id.ToString(), new RestoreOptions { Target = target, Workers = 1 }, null, Cancellation);
        var snapshot = (await SnapshotsOfAsync(repository)).Single(snapshot => snapshot.Id == id);

        Assert.Empty(result.Problems);
        Assert.Equal(ImageOf(snapshot.Roots[0]), TreeImage.Of(target));
    }

    private static async Task<List<SnapshotInfo>> SnapshotsOfAsync(Repository repository) =>
        await SnapshotStore.ReadAllAsync(repository.Store, _ => { }, Cancellation);

    private string ImageOf(string root)
    {
        if (!_images.TryGetValue(root, out var image))
        {
            _images[root] = image = TreeImage.Of(root);
        }

        return image;
    }
}
