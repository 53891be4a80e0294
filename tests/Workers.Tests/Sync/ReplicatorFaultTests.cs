using Continuity.Testing;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Tests.Sync;

public sealed class ReplicatorFaultTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly SyncBench _bench = new();

    [Fact]
    public async Task Sync_MoreThanTheDiskHolds_FailsBeforeItChangesAnything()
    {
        using var disk = Mount.Small(_bench.Target, 1024 * 1024);
        _bench.Write("small", "1");
        _bench.Write("large", new string('x', 2_000_000));

        var failure = await _bench.FailAsync();

        Assert.Equal(FailureCodes.DiskFull, failure.Code);
        Assert.Contains(_bench.Target, failure.Message, StringComparison.Ordinal);
        Assert.False(_bench.IsCopied("small"));
    }

    [Fact]
    public async Task Sync_DiskFillsUpMeanwhile_FailsKeepsWhatIsDoneAndGoesOnLater()
    {
        using var disk = Mount.Small(_bench.Target, 2 * 1024 * 1024);
        _bench.Write("a", "first");
        _bench.Write("b", new string('x', 1_000_000));
        _bench.Time = _time;
        _bench.Options.MaxBytesPerSecond = 1_000_000;
        _bench.Options.Parallelism = 1;
        var hog = Path.Join(_bench.Target, ".continuity", "hog");

        var running = _bench.SyncAsync();
        await Eventually.HoldsAsync(() => _bench.IsCopied("a"));
        Fill(hog);
        await _time.UntilAsync(() => running.IsCompleted);
        var failure = await Assert.ThrowsAsync<JobFailureException>(() => running);

        Assert.Equal(FailureCodes.DiskFull, failure.Code);
        Assert.Equal("first", _bench.ReadCopy("a"));
        Assert.Equal(["a"], Directory.GetFiles(_bench.Target).Select(path => Path.GetFileName(path)));
        File.Delete(hog);
        _bench.Options.MaxBytesPerSecond = 0;
        Assert.Equal(1, (await _bench.SyncAsync(token: 2)).FilesCopied);
        Assert.Equal(1_000_000, _bench.ReadCopy("b").Length);
    }

    [Fact]
    public async Task Sync_TargetOnAReadOnlyFileSystem_SaysSo()
    {
        Directory.CreateDirectory(_bench.Target);
        using var disk = Mount.ReadOnly(_bench.Target);
        _bench.Write("file", "1");

        var failure = await _bench.FailAsync();

        Assert.Equal(FailureCodes.TargetNotWritable, failure.Code);
        Assert.Contains("read-only", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_bench.Target, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_FileChangesWhileItIsRead_IsReadAgain()
    {
        _bench.Time = _time;
        _bench.Options.MaxBytesPerSecond = 8_000_000;
        _bench.Options.RetryDelay = TimeSpan.FromMilliseconds(50);
        _bench.Write("file", new string('a', 2_000_000));

        var running = _bench.SyncAsync();
        await _time.UntilAsync(() => _bench.Progress.Read().BytesDone > 500_000);
        _bench.Write("file", new string('b', 2_000_001), secondsAgo: 1800);
        await _time.UntilAsync(() => running.IsCompleted);
        await running;

        Assert.Equal(new string('b', 2_000_001), _bench.ReadCopy("file"));
    }

    [Fact]
    public async Task Sync_FileChangesAllTheTime_FailsByNameAndCopiesTheOthers()
    {
        _bench.Time = _time;
        _bench.Options.MaxBytesPerSecond = 10_000_000;
        _bench.Options.MaxAttempts = 2;
        _bench.Write("busy", new string('a', 2_000_000));
        _bench.Write("calm", "1");

        var failing = _bench.FailAsync();
        await _time.UntilAsync(() => failing.IsCompleted, () => Change(Path.Join(_bench.Source, "busy")));
        var failure = await failing;

        Assert.Equal(FailureCodes.FileBusy, failure.Code);
        Assert.Contains("busy", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.MayPass);
        Assert.Equal("1", _bench.ReadCopy("calm"));
        Assert.False(_bench.IsCopied("busy"));
    }

    public void Dispose() => _bench.Dispose();

    private static void Fill(string path)
    {
        using var file = File.OpenWrite(path);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full: that is what it is for.
        }
    }

    private static void Change(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.WriteByte((byte)'b');
    }
}
