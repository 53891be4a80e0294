using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.Testing;
using Continuity.Workers.Fencing;
using Continuity.Workers.Jobs;
using Continuity.Workers.Tests.Files;
using Continuity.Workers.Tests.Sync;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Workers.Tests.Backup;

public sealed class BackupTests : IDisposable
{
    private readonly BackupBench _bench = new();

    [Fact]
    public void BackupAndRestore_AnyTree_IsTheSameTree() =>
        FolderTree.Gen.Sample(
            tree =>
            {
                using var bench = new BackupBench();
                tree.Write(bench.Source);

                var written = bench.BackupAsync().GetAwaiter().GetResult();
                var restored = bench.RestoreAsync().GetAwaiter().GetResult();

                Assert.Equal(tree.ToString(), FolderTree.Read(bench.Target).ToString());
                Assert.Equal(written, restored);
            },
            iter: 40,
            threads: 1);

    [Fact]
    public async Task Backup_OfACopy_HasTheDigestOfTheSync()
    {
        using var sync = new SyncBench();
        sync.Write("folder/file", "1");
        _bench.Write("folder/file", "1");

        var copied = await sync.SyncAsync(deletions: DeletionPolicy.Delete);
        var written = await _bench.BackupAsync();

        Assert.Equal(copied.Sha256, written.Sha256);
    }

    [Fact]
    public async Task Backup_Archive_IsReadByTarAndZstd()
    {
        _bench.Write("folder/file", "content");
        var outcome = await _bench.BackupAsync();
        Directory.CreateDirectory(_bench.Target);
        var plain = Path.Join(_bench.Folder, "plain.tar");

        await Commands.RunAsync("zstd", "-q", "-d", _bench.PathOf(outcome), "-o", plain);
        await Commands.RunAsync("tar", "-xf", plain, "-C", _bench.Target);

        Assert.Equal("content", _bench.ReadRestored("folder/file"));
    }

    [Fact]
    public async Task Backup_LargeFileChangesWhileItIsRead_HoldsTheLastVersion()
    {
        var time = new SteppedTime();
        _bench.Time = time;
        _bench.Options.MaxBytesPerSecond = 20_000_000;
        _bench.Write("large", new string('a', 6_000_000));

        var running = _bench.BackupAsync();
        await time.UntilAsync(() => _bench.Progress.Read().BytesDone > 1_000_000);
        _bench.Write("large", new string('b', 5_000_000));
        await time.UntilAsync(() => running.IsCompleted);
        await running;
        await _bench.RestoreAsync();

        Assert.Equal(new string('b', 5_000_000), _bench.ReadRestored("large"));
    }

    [Fact]
    public async Task Backup_SameJobAgain_FindsItsArchive()
    {
        _bench.Write("file", "1");
        var job = Guid.NewGuid();
        var first = await _bench.BackupAsync(token: 1, job);
        _bench.Write("file", "2");

        var second = await _bench.BackupAsync(token: 2, job);

        Assert.Equal(first, second);
        Assert.Single(Directory.GetFiles(_bench.Archives, "*.tar.zst"));
    }

    [Fact]
    public async Task Backup_LeftoversOfADeadWorker_AreRemoved()
    {
        _bench.Write("file", "1");
        Directory.CreateDirectory(_bench.Archives);
        await File.WriteAllTextAsync(
            Path.Join(_bench.Archives, ".continuity-1-1.tmp"), "half", TestContext.Current.CancellationToken);

        await _bench.BackupAsync(token: 2);

        Assert.Empty(Directory.GetFiles(_bench.Archives, "*.tmp"));
    }

    [Fact]
    public async Task Backup_SmallerToken_IsRefusedAndLeavesNothing()
    {
        _bench.Write("file", "1");
        Directory.CreateDirectory(_bench.Archives);
        FolderFence.Raise(_bench.Archives, new FencingToken("set", 9), TimeProvider.System, default);

        await Assert.ThrowsAsync<StaleFencingTokenException>(() => _bench.BackupAsync(token: 8));

        Assert.Empty(Directory.GetFiles(_bench.Archives));
    }

    [Fact]
    public async Task Backup_DiskFull_FailsAndLeavesNothing()
    {
        using var disk = Mount.Small(_bench.Archives, 1024 * 1024);
        var noise = new byte[3_000_000];
        new Random(7).NextBytes(noise);
        await File.WriteAllBytesAsync(
            Path.Join(_bench.Source, "noise"), noise, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<JobFailureException>(() => _bench.BackupAsync());

        Assert.Equal(FailureCodes.DiskFull, failure.Code);
        Assert.Empty(Directory.GetFiles(_bench.Archives));
    }

    [Fact]
    public async Task Backup_SourceMissing_SaysSo()
    {
        Directory.Delete(_bench.Source);

        var failure = await Assert.ThrowsAsync<JobFailureException>(() => _bench.BackupAsync());

        Assert.Equal(FailureCodes.SourceMissing, failure.Code);
        Assert.Contains(_bench.Source, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_LatestOrNamed_IsWhatItSays()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _bench.Time = time;
        _bench.Write("file", "old");
        var old = await _bench.BackupAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        _bench.Write("file", "new");
        await _bench.BackupAsync(token: 2);

        await _bench.RestoreAsync(token: 3);
        Assert.Equal("new", _bench.ReadRestored("file"));

        await _bench.RestoreAsync(old.Archive, ExistingFiles.Replace, token: 4);
        Assert.Equal("old", _bench.ReadRestored("file"));
    }

    [Fact]
    public async Task Restore_NoArchive_SaysSo()
    {
        var latest = await _bench.FailToRestoreAsync();
        var named = await _bench.FailToRestoreAsync("20260101T000000Z-none.tar.zst");

        Assert.Equal((FailureCodes.ArchiveMissing, FailureCodes.ArchiveMissing), (latest.Code, named.Code));
        Assert.Contains("20260101T000000Z-none.tar.zst", named.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_DestinationNotEmpty_IsRefusedOrReplaced()
    {
        _bench.Write("both", "restored");
        _bench.Write("folder/file", "1");
        await _bench.BackupAsync();
        Directory.CreateDirectory(Path.Join(_bench.Target, "both"));
        await File.WriteAllTextAsync(
            Path.Join(_bench.Target, "extra"), "precious", TestContext.Current.CancellationToken);

        var failure = await _bench.FailToRestoreAsync();
        Assert.Equal(FailureCodes.TargetNotEmpty, failure.Code);
        Assert.Equal("precious", _bench.ReadRestored("extra"));

        await _bench.RestoreAsync(existing: ExistingFiles.Replace, token: 2);
        Assert.Equal(["both", "folder"], _bench.RestoredNames().Order());
        Assert.Equal("restored", _bench.ReadRestored("both"));
    }

    [Fact]
    public async Task Restore_SameJobAgain_IsDoneAlready()
    {
        _bench.Write("file", "1");
        await _bench.BackupAsync();
        var job = Guid.NewGuid();
        var first = await _bench.RestoreAsync(job: job);

        var second = await _bench.RestoreAsync(job: job, token: 2);

        Assert.Equal(first, second);
        Assert.Equal("1", _bench.ReadRestored("file"));
    }

    public void Dispose() => _bench.Dispose();
}
