using System.Text;
using System.Text.RegularExpressions;
using Continuity.Vault.Backup;
using Continuity.Vault.Crypto;
using Continuity.Vault.Files;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;
using Continuity.Vault.Restore;
using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Formats;

/// <summary>A repository that was once written opens for ever. Those in testdata are never written again: what is
/// written differently later adds another beside them.</summary>
/// <remarks><see cref="Make"/> made them: `CONTINUITY_MAKE_REPOSITORY=FOLDER dotnet run --project tests/Vault.Tests --
/// -explicit only -method '*OldRepositoryTests.Make'`.</remarks>
public sealed partial class OldRepositoryTests
{
    private const string Passphrase = "an old passphrase";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // 1: ids alone tell that a chunk is right, 64 MiB for a passphrase. 2: checksums in frames, 19 MiB. 3: extents with
    // checks.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Open_OldRepository_RestoresEverySnapshotAsItWas(int number)
    {
        using var folder = new TemporaryFolder();
        await using var store = Copy(number, folder);
        using var secret = KeySecret.FromPassphrase(Passphrase);
        var repository = await Repository.OpenAsync(store, secret, TimeProvider.System, Cancellation);

        var snapshots = await repository.ListSnapshotsAsync(Cancellation);
        var images = new StringBuilder();
        foreach (var snapshot in snapshots)
        {
            var target = folder.Combine($"target-{snapshot.Id}");
            var restored = await RestoreOperation.RunAsync(
                repository, snapshot.Id.ToString(), new RestoreOptions { Target = target }, null, Cancellation);
            Assert.Empty(restored.Problems);
            images.Append(ImageOf(target, snapshot.Host, snapshot.Tags));
        }

        var expected = await File.ReadAllTextAsync(Path.Combine(DataOf(number), "expected.txt"), Cancellation);
        Assert.Equal(expected, images.ToString());
        Assert.Equal(3, snapshots.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Verify_OldRepository_FindsNothingAndLifeGoesOn(int number)
    {
        using var folder = new TemporaryFolder();
        await using var store = Copy(number, folder);
        using var secret = KeySecret.FromKeyFile(KeyFile(1));
        var repository = await Repository.OpenAsync(store, secret, TimeProvider.System, Cancellation);
        File.WriteAllText(Path.Combine(folder.Make("source"), "new"), "new");
        var allData = new VerifyOptions { Depth = VerifyDepth.Data };

        var before = await VerifyOperation.RunAsync(repository, allData, null, Cancellation);
        var backup = await BackupOperation.RunAsync(
            repository, new BackupOptions { Roots = [folder.Combine("source")] }, null, Cancellation);
        await PruneOperation.RunAsync(
            repository, new PruneOptions { Grace = TimeSpan.Zero, MinimumUse = 1 }, Cancellation);
        var after = await VerifyOperation.RunAsync(repository, allData, null, Cancellation);

        Assert.Empty(before.Problems);
        Assert.Equal(1, backup.Statistics.Files);
        Assert.Empty(after.Problems);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Backup_OntoOldRepository_RecognisesWhatHasChecks(int number, bool hasChecks)
    {
        using var folder = new TemporaryFolder();
        await using var store = Copy(number, folder);
        using var secret = KeySecret.FromKeyFile(KeyFile(1));
        var repository = await Repository.OpenAsync(store, secret, TimeProvider.System, Cancellation);
        var last = (await repository.ListSnapshotsAsync(Cancellation)).Last(snapshot => snapshot.Host == "host");
        var target = new RestoreOptions { Target = folder.Combine("source") };
        await RestoreOperation.RunAsync(repository, last.Id.ToString(), target, null, Cancellation);
        var options = new BackupOptions
        {
            Roots = [target.Target],
            RecordedRoots = ["/models/old"],
            Host = "host",
        };

        var first = await BackupOperation.RunAsync(repository, options, null, Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(target.Target, "weights.safetensors"), DateTime.UnixEpoch);
        var second = await BackupOperation.RunAsync(repository, options, null, Cancellation);

        var size = Weights(1).Length;
        Assert.Equal(last.Id, first.Parent);
        Assert.Equal(hasChecks ? size : 0, first.RecognisedBytes);
        Assert.Equal(size, second.RecognisedBytes);
    }

    [Fact(Explicit = true)]
    public async Task Make()
    {
        var made = Environment.GetEnvironmentVariable("CONTINUITY_MAKE_REPOSITORY")
            ?? throw new InvalidOperationException("Set CONTINUITY_MAKE_REPOSITORY to a new folder.");
        using var folder = new TemporaryFolder();
        var source = folder.Make("source");
        await using var store = new LocalBlobStore(Path.Combine(made, "blobs"), null, TimeProvider.System);
        using var key = KeySecret.FromKeyFile(KeyFile(1));
        using var passphrase = KeySecret.FromPassphrase(Passphrase);
        using var writerKey = KeySecret.FromKeyFile(KeyFile(2));
        var repository = await Repository.InitializeAsync(
            store, key, new RepositoryOptions { Parity = true }, TimeProvider.System, Cancellation);
        await repository.AddKeyAsync(KeyKind.Full, "passphrase", passphrase, Cancellation);
        await repository.AddKeyAsync(KeyKind.Writer, "writer", writerKey, Cancellation);
        var writer = await Repository.OpenAsync(store, writerKey, TimeProvider.System, Cancellation);
        var images = new StringBuilder();

        // Four snapshots: plain, deltas against it, one that is forgotten and leaves marks and a tombstone, a writer's.
        for (var version = 0; version < 4; version++)
        {
            MakeVersion(source, version);
            var options = new BackupOptions
            {
                Roots = [source],
                RecordedRoots = ["/models/old"],
                Host = version == 3 ? "writer" : "host",
                User = "user",
                Tags = [$"version-{version}"],
                Workers = 1,
            };
            var backup = await BackupOperation.RunAsync(
                version == 3 ? writer : repository, options, null, Cancellation);
            if (version == 2)
            {
                var plan = await ForgetOperation.PlanAsync(repository, [backup.Snapshot.ToString()], Cancellation);
                await ForgetOperation.ExecuteAsync(repository, plan, Cancellation);
                await PruneOperation.RunAsync(
                    repository, new PruneOptions { Grace = TimeSpan.Zero, MinimumUse = 0 }, Cancellation);
                continue;
            }

            images.Append(ImageOf(source, options.Host, options.Tags));
        }

        await File.WriteAllTextAsync(Path.Combine(made, "expected.txt"), images.ToString(), Cancellation);
    }

    private static string DataOf(int number) =>
        Path.Combine(AppContext.BaseDirectory, "testdata", $"repository-{number}");

    private static LocalBlobStore Copy(int number, TemporaryFolder folder)
    {
        var data = DataOf(number);
        foreach (var file in Directory.GetFiles(Path.Combine(data, "blobs"), "*", SearchOption.AllDirectories))
        {
            var copy = folder.Combine(Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!); // The folder is above it.
            File.Copy(file, copy);
        }

        return new LocalBlobStore(folder.Combine("blobs"), null, TimeProvider.System);
    }

    private static byte[] KeyFile(int seed)
    {
        var key = new byte[KeySecret.KeyFileBytes];
        new Random(seed).NextBytes(key);
        return key;
    }

    private static void MakeVersion(string source, int version)
    {
        using var root = FolderHandle.Open(source);
        File.WriteAllBytes(Path.Combine(source, "weights.safetensors"), Weights(version));
        File.WriteAllText(Path.Combine(source, "notes"), $"version {version}\n");
        if (version == 0)
        {
            Directory.CreateDirectory(Path.Combine(source, "empty"));
            File.CreateSymbolicLink(Path.Combine(source, "link"), "notes");
            root.MakeHardLink(root, "notes"u8, "second name"u8);
            RawNames.MakeFile(root, [0xff, (byte)'x'], "a name in no encoding"u8);
            ExtendedAttributes.Write(
                root, "weights.safetensors"u8, [new ExtendedAttribute("user.note"u8.ToArray(), [0, 1, 255])]);
        }

        foreach (var name in root.List())
        {
            root.SetModified(name, 1_700_000_000_123_456_789 + version);
            if (root.Stat(name).Kind != FileKind.SymbolicLink)
            {
                root.SetMode(name, root.Stat(name).Kind == FileKind.Folder ? 0x1ED : 0x1A4);
            }
        }

        root.SetMode([], 0x1ED);
        root.SetModified([], 1_700_000_000_000_000_000 + version);
    }

    private static byte[] Weights(int version)
    {
        const int Elements = 135_000;
        var random = new Random(5);
        var data = new byte[Elements * 2];
        for (var i = 0; i < Elements; i++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(i * 2), (Half)(random.NextDouble() - 0.5));
            data[i * 2] ^= (byte)(i % 7 == 0 ? version : 0);
        }

        var header = Encoding.ASCII.GetBytes(
            $$$"""{"a":{"dtype":"F16","shape":[{{{Elements}}}],"data_offsets":[0,{{{data.Length}}}]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
    }

    // Without owners: only root can restore them.
    private static string ImageOf(string root, string host, IReadOnlyList<string> tags) =>
        $"{host} {string.Join(',', tags)}\n{Owner().Replace(TreeImage.Of(root), " ")}\n";

    [GeneratedRegex(@" \d+:\d+ ")]
    private static partial Regex Owner();
}
