using Continuity.Contracts.ArtefactSets;
using Continuity.Workers.Fencing;
using Continuity.Workers.Jobs;
using Continuity.Workers.Sync;

namespace Continuity.Workers.Tests.Sync;

public sealed class ReplicatorTests : IDisposable
{
    private readonly SyncBench _bench = new();

    [Fact]
    public async Task Sync_UnchangedFiles_AreNotReadAgain()
    {
        _bench.Write("one", "1");
        _bench.Write("folder/two", "22");
        var first = await _bench.SyncAsync();
        _bench.Write("folder/two", "changed", secondsAgo: 1800);

        var second = await _bench.SyncAsync(token: 2);

        Assert.Equal((2, 3), (first.FilesCopied, first.BytesCopied));
        Assert.Equal((1, 7), (second.FilesCopied, second.BytesCopied));
        Assert.Equal("changed", _bench.ReadCopy("folder/two"));
    }

    [Fact]
    public async Task Sync_ChangedWithinTheClocksGrain_IsNoticedThoughSizeAndTimeAreEqual()
    {
        _bench.Write("file", "aaaa", secondsAgo: 0);
        var place = Path.Join(_bench.Source, "file");
        var stamp = File.GetLastWriteTimeUtc(place);
        await _bench.SyncAsync();
        File.WriteAllText(place, "bbbb");
        File.SetLastWriteTimeUtc(place, stamp);

        await _bench.SyncAsync(token: 2);

        Assert.Equal("bbbb", _bench.ReadCopy("file"));
    }

    [Fact]
    public async Task Sync_FullComparison_FindsWhatRottedInTheCopy()
    {
        _bench.Write("file", "aaaa");
        await _bench.SyncAsync();
        var copy = Path.Join(_bench.Target, "file");
        var stamp = File.GetLastWriteTimeUtc(copy);
        File.WriteAllText(copy, "aaXa");
        File.SetLastWriteTimeUtc(copy, stamp);

        var quick = await _bench.SyncAsync(token: 2);
        var full = await _bench.SyncAsync(token: 3, comparison: SyncComparison.Full);

        Assert.Equal((0, 1), (quick.FilesCopied, full.FilesCopied));
        Assert.Equal("aaaa", _bench.ReadCopy("file"));
    }

    [Fact]
    public async Task Sync_CopyMadeByOtherMeans_IsComparedAndKept()
    {
        _bench.Write("file", "same");
        Directory.CreateDirectory(_bench.Target);
        File.Copy(Path.Join(_bench.Source, "file"), Path.Join(_bench.Target, "file"));

        var outcome = await _bench.SyncAsync();

        Assert.Equal(0, outcome.FilesCopied);
        Assert.Equal("same", _bench.ReadCopy("file"));
    }

    [Fact]
    public async Task Sync_DeletionsByPolicy_KeepsOrDeletes()
    {
        _bench.Write("keep", "1");
        _bench.Write("gone/deep", "2");
        await _bench.SyncAsync();
        Directory.Delete(Path.Join(_bench.Source, "gone"), recursive: true);

        var kept = await _bench.SyncAsync(token: 2, DeletionPolicy.Keep);
        Assert.Equal("2", _bench.ReadCopy("gone/deep"));

        var deleted = await _bench.SyncAsync(token: 3);
        Assert.Equal((0, 1), (kept.FilesDeleted, deleted.FilesDeleted));
        Assert.False(Directory.Exists(Path.Join(_bench.Target, "gone")));
    }

    [Fact]
    public async Task Sync_SourceMissing_FailsAndKeepsTheCopy()
    {
        _bench.Write("file", "1");
        await _bench.SyncAsync();
        Directory.Move(_bench.Source, _bench.Source + ".away");

        var failure = await _bench.FailAsync();

        Assert.Equal(FailureCodes.SourceMissing, failure.Code);
        Assert.Contains(_bench.Source, failure.Message, StringComparison.Ordinal);
        Assert.True(_bench.IsCopied("file"));
    }

    [Fact]
    public async Task Sync_SourceEmpty_RefusesToEmptyTheCopy()
    {
        _bench.Write("file", "1");
        await _bench.SyncAsync();
        File.Delete(Path.Join(_bench.Source, "file"));

        var failure = await _bench.FailAsync();

        Assert.Equal(FailureCodes.SourceEmpty, failure.Code);
        Assert.True(_bench.IsCopied("file"));
    }

    [Fact]
    public async Task Sync_TargetIsAFile_SaysSo()
    {
        _bench.Write("file", "1");
        File.WriteAllText(_bench.Target, "in the way");

        var failure = await _bench.FailAsync();

        Assert.Equal(FailureCodes.TargetNotWritable, failure.Code);
        Assert.Contains(_bench.Target, failure.Message, StringComparison.Ordinal);
        Assert.Equal("in the way", File.ReadAllText(_bench.Target));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("/etc/passwd")]
    [InlineData("folder/../../x")]
    public async Task Sync_LinkOutOfTheSet_IsRefusedByName(string linkTarget)
    {
        _bench.Write("folder/file", "1");
        File.CreateSymbolicLink(Path.Join(_bench.Source, "escape"), linkTarget);

        var failure = await _bench.FailAsync();

        Assert.Equal(FailureCodes.PathRefused, failure.Code);
        Assert.Contains("'escape'", failure.Message, StringComparison.Ordinal);
        Assert.False(_bench.IsCopied("folder/file"));
    }

    [Fact]
    public async Task Sync_FolderOfTheCopyReplacedByALinkOut_IsNotWrittenThrough()
    {
        _bench.Write("folder/file", "1");
        await _bench.SyncAsync();
        var outside = Path.Join(_bench.Folder, "outside");
        Directory.CreateDirectory(outside);
        Directory.Delete(Path.Join(_bench.Target, "folder"), recursive: true);
        File.CreateSymbolicLink(Path.Join(_bench.Target, "folder"), outside);

        await _bench.SyncAsync(token: 2);

        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.Null(new DirectoryInfo(Path.Join(_bench.Target, "folder")).LinkTarget);
        Assert.Equal("1", _bench.ReadCopy("folder/file"));
    }

    [Fact]
    public async Task Sync_FolderReplacedByALinkToAnother_DeletesNothingThroughIt()
    {
        _bench.Write("v1/model", "old");
        await _bench.SyncAsync();
        Directory.Delete(Path.Join(_bench.Source, "v1"), recursive: true);
        _bench.Write("v2/model", "new");
        File.CreateSymbolicLink(Path.Join(_bench.Source, "v1"), "v2");

        var outcome = await _bench.SyncAsync(token: 2);

        Assert.Equal("new", _bench.ReadCopy("v2/model"));
        Assert.Equal("v2", new FileInfo(Path.Join(_bench.Target, "v1")).LinkTarget);
        Assert.Equal((1, 1), (outcome.FilesCopied, outcome.FilesDeleted));
    }

    [Fact]
    public async Task Sync_LinkMadeAgain_HasTheNewTime()
    {
        var link = Path.Join(_bench.Source, "latest");
        _bench.Write("v1", "1");
        File.CreateSymbolicLink(link, "v1");
        await _bench.SyncAsync();
        File.Delete(link);
        File.CreateSymbolicLink(link, "v1");

        await _bench.SyncAsync(token: 2);

        Assert.Equal(
            File.GetLastWriteTimeUtc(link), File.GetLastWriteTimeUtc(Path.Join(_bench.Target, "latest")));
    }

    [Fact]
    public async Task Sync_KindsSwapped_FollowsTheSource()
    {
        _bench.Write("x/inner", "1");
        _bench.Write("y", "2");
        await _bench.SyncAsync();
        Directory.Delete(Path.Join(_bench.Source, "x"), recursive: true);
        File.Delete(Path.Join(_bench.Source, "y"));
        _bench.Write("x", "now a file");
        _bench.Write("y/inner", "now in a folder");

        await _bench.SyncAsync(token: 2);

        Assert.Equal(("now a file", "now in a folder"), (_bench.ReadCopy("x"), _bench.ReadCopy("y/inner")));
    }

    [Fact]
    public async Task Sync_KeepingAndAFolderWithContentInTheWay_IsRefused()
    {
        _bench.Write("x", "file");
        Directory.CreateDirectory(Path.Join(_bench.Target, "x"));
        File.WriteAllText(Path.Join(_bench.Target, "x", "precious"), "1");

        var failure = await _bench.FailAsync(DeletionPolicy.Keep);

        Assert.Contains("'x'", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", _bench.ReadCopy("x/precious"));
    }

    [Fact]
    public async Task Sync_SmallerToken_IsRefusedAndChangesNothing()
    {
        _bench.Write("file", "new");
        Directory.CreateDirectory(_bench.Target);
        FolderFence.Raise(_bench.Target, new FencingToken("set", 8), TimeProvider.System, default);

        var refusal = await Assert.ThrowsAsync<StaleFencingTokenException>(() => _bench.SyncAsync(token: 7));

        Assert.Equal((7, 8), (refusal.Token, refusal.Current));
        Assert.False(_bench.IsCopied("file"));
    }

    [Fact]
    public async Task Sync_TokenOvertakenInMidCopy_PlacesNothingMore()
    {
        var time = new SteppedTime();
        _bench.Time = time;
        _bench.Options.MaxBytesPerSecond = 2_000_000;
        _bench.Options.Parallelism = 1;
        for (var number = 0; number < 20; number++)
        {
            _bench.Write($"file{number:00}", new string('x', 200_000));
        }

        var running = _bench.SyncAsync(token: 1);
        await time.UntilAsync(() => _bench.Progress.Read().FilesDone >= 2);
        FolderFence.Raise(_bench.Target, new FencingToken("set", 2), TimeProvider.System, default);
        var placed = Directory.GetFiles(_bench.Target, "file*").Length;

        await time.UntilAsync(() => running.IsCompleted);
        await Assert.ThrowsAsync<StaleFencingTokenException>(() => running);
        Assert.Equal(placed, Directory.GetFiles(_bench.Target, "file*").Length);
        Assert.InRange(placed, 2, 19);
        Assert.Empty(Directory.GetFiles(_bench.Target, ".continuity-*"));
    }

    [Fact]
    public async Task Sync_LeftoversOfADeadWorker_AreRemoved()
    {
        _bench.Write("folder/file", "1");
        var left = Path.Join(_bench.Target, "folder", ".continuity-3-17.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "half a fi");

        await _bench.SyncAsync(token: 4, DeletionPolicy.Keep);

        Assert.False(File.Exists(left));
        Assert.Equal("1", _bench.ReadCopy("folder/file"));
    }

    [Fact]
    public async Task Sync_CancelledInMidCopy_ResumesWithWhatIsLeft()
    {
        var time = new SteppedTime();
        _bench.Time = time;
        _bench.Options.MaxBytesPerSecond = 2_000_000;
        for (var number = 0; number < 20; number++)
        {
            _bench.Write($"file{number:00}", new string('x', 100_000));
        }

        using var stop = new CancellationTokenSource();
        var running = _bench.SyncAsync(cancellationToken: stop.Token);
        await time.UntilAsync(() => _bench.Progress.Read().FilesDone >= 3);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var done = Directory.GetFiles(_bench.Target, "file*").Length;

        _bench.Options.MaxBytesPerSecond = 0;
        var rest = await _bench.SyncAsync(token: 2);

        Assert.InRange(done, 3, 19);
        Assert.Equal(20 - done, rest.FilesCopied);
    }

    [Fact]
    public async Task Sync_Pipe_IsLeftOutAndNamed()
    {
        _bench.Write("file", "1");
        await Commands.RunAsync("mkfifo", Path.Join(_bench.Source, "pipe"));

        var outcome = await _bench.SyncAsync();

        Assert.Equal(["pipe"], outcome.Skipped);
        Assert.False(File.Exists(Path.Join(_bench.Target, "pipe")));
    }

    [Fact]
    public async Task Sync_NameThatIsNoUtf8_IsRefusedByName()
    {
        await Commands.RunAsync("bash", "-c", $"echo 1 > '{_bench.Source}'/$'bad-\\xff-name'");

        var failure = await _bench.FailAsync();

        Assert.Equal(FailureCodes.NameRefused, failure.Code);
        Assert.Contains("bad-", failure.Message, StringComparison.Ordinal);
        await Commands.RunAsync("rm", "-r", _bench.Source);
    }

    [Fact]
    public async Task Sync_DigestOfEqualContent_IsEqualAndChangesWithIt()
    {
        _bench.Write("folder/file", "1");
        var first = await _bench.SyncAsync();
        var second = await _bench.SyncAsync(token: 2);
        _bench.Write("folder/file", "2", secondsAgo: 1800);
        var third = await _bench.SyncAsync(token: 3);

        Assert.Equal(first.Sha256, second.Sha256);
        Assert.NotEqual(first.Sha256, third.Sha256);
    }

    public void Dispose() => _bench.Dispose();
}
