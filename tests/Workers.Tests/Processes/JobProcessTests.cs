using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Jobs;
using Continuity.Testing;
using Continuity.Testing.Broker;
using Continuity.Testing.Postgres;
using Continuity.Testing.Processes;
using Continuity.Workers.Backup;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Tests.Processes;

/// <summary>Jobs on real worker processes that are killed, stopped and cut off in the middle.</summary>
public sealed class JobProcessTests(PostgresFixture postgres, BrokerFixture broker) : IAsyncLifetime
{
    private const int Files = 24;
    private const int FileBytes = 100_000;

    // What is left then takes fourteen seconds, also on a busy machine longer than it takes to notice and kill.
    private const long SomeBytes = 250_000;
    private static readonly (string, string) _slowSync = ("Sync__MaxBytesPerSecond", "150000");
    private static readonly (string, string) _slowBackup = ("Backup__MaxBytesPerSecond", "150000");

    private TestDatabase? _database;
    private WorkerStack? _stack;

    private WorkerStack Stack => _stack ?? throw new InvalidOperationException("The test has not been initialised.");

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        _stack = await WorkerStack.StartAsync(_database.ConnectionString, broker.BootstrapServers);
        _stack.Fill(Files, FileBytes);
    }

    [Fact]
    public async Task Sync_WorkerKilledInTheMiddle_AnotherFinishesWhatIsLeft()
    {
        var first = await Stack.StartWorkerAsync("east", "sync", _slowSync);
        var id = await Stack.CreateJobAsync(JobKind.Sync);
        await Stack.WaitForBytesAsync(id, SomeBytes);
        await first.KillAsync();
        var copied = CopiedFiles();

        await Stack.StartWorkerAsync("west", "sync");
        var job = await Stack.WaitForEndAsync(id);

        Assert.True(job.State == JobState.Succeeded, job.Error?.Message);
        WorkerStack.AssertEqualFolders(Stack.Source, Stack.Target);
        Assert.InRange(job.Result!.FilesWritten, 0, Files - copied);
        AssertTakenOver(await Stack.AttemptsAsync(id));
        Assert.Empty(Directory.GetFiles(Stack.Target, ".continuity-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Backup_WorkerKilledInTheMiddle_AnotherWritesItWholeAndItRestores()
    {
        var first = await Stack.StartWorkerAsync("east", "backup", _slowBackup);
        var id = await Stack.CreateJobAsync(JobKind.Backup);
        await Stack.WaitForBytesAsync(id, SomeBytes);
        await first.KillAsync();
        Assert.Empty(Directory.GetFiles(Stack.Archives, $"*{ArchiveName.Extension}"));

        await Stack.StartWorkerAsync("west", "backup");
        var backup = await Stack.WaitForEndAsync(id);
        var restore = await Stack.WaitForEndAsync(await Stack.CreateJobAsync(JobKind.Restore));

        Assert.True(backup.State == JobState.Succeeded, backup.Error?.Message);
        Assert.True(restore.State == JobState.Succeeded, restore.Error?.Message);
        WorkerStack.AssertEqualFolders(Stack.Source, Stack.Restored);
        Assert.Single(Directory.GetFiles(Stack.Archives, $"*{ArchiveName.Extension}"));
        Assert.Equal((backup.Result!.Archive, backup.Result.Sha256), (restore.Result!.Archive, restore.Result.Sha256));
    }

    [Fact]
    public async Task Sync_WorkerFrozenInTheMiddle_LosesTheJobAndWritesNothingWhenItWakes()
    {
        var frozen = await Stack.StartWorkerAsync("east", "sync", _slowSync);
        var id = await Stack.CreateJobAsync(JobKind.Sync);
        await Stack.WaitForBytesAsync(id, SomeBytes);
        frozen.Signal(UnixSignal.Stop);

        await Stack.StartWorkerAsync("west", "sync");
        var job = await Stack.WaitForEndAsync(id);
        Assert.True(job.State == JobState.Succeeded, job.Error?.Message);
        // What the frozen one had half done may not appear now, nor may it bring back what the source no longer has.
        Directory.Delete(Path.Join(Stack.Source, "folder1"), recursive: true);
        await Stack.WaitForEndAsync(await Stack.CreateJobAsync(JobKind.Sync));
        frozen.Signal(UnixSignal.Continue);
        await frozen.WaitForLineAsync(
            line => line.Contains("is let go", StringComparison.Ordinal)
                || line.Contains("refused", StringComparison.OrdinalIgnoreCase)
                // The write it was frozen in fails by itself when the other one has cleared its folder away.
                || line.Contains("Another worker will find it so", StringComparison.Ordinal),
            "the lost job's end",
            TimeSpan.FromSeconds(90));

        WorkerStack.AssertEqualFolders(Stack.Source, Stack.Target);
        Assert.Equal(JobState.Succeeded, (await Stack.FindAsync(id)).State);
    }

    [Fact]
    public async Task Sync_WorkerTerminated_GivesTheJobBackAtOnce()
    {
        var first = await Stack.StartWorkerAsync(
            "east", "sync", _slowSync, ("Leases__TimeToLive", "00:05:00"), ("Leases__Margin", "00:00:10"));
        var id = await Stack.CreateJobAsync(JobKind.Sync);
        await Stack.WaitForBytesAsync(id, SomeBytes);

        var exitCode = await first.TerminateAsync(TimeSpan.FromSeconds(60));
        await Stack.StartWorkerAsync("west", "sync");
        // Not given back, it could not be had for the five minutes of the lease.
        var job = await Stack.WaitForEndAsync(id);

        Assert.Equal(0, exitCode);
        Assert.True(job.State == JobState.Succeeded, job.Error?.Message);
        WorkerStack.AssertEqualFolders(Stack.Source, Stack.Target);
    }

    [Fact]
    public async Task Sync_Cancelled_StopsAndSaysSo()
    {
        await Stack.StartWorkerAsync("east", "sync", _slowSync);
        var id = await Stack.CreateJobAsync(JobKind.Sync);
        await Eventually.HoldsAsync(() => CopiedFiles() > 0);

        await Stack.ControlPlane.Get<JobStore>().RequestCancelAsync(id, TestContext.Current.CancellationToken);
        var job = await Stack.WaitForEndAsync(id);

        Assert.Equal(JobState.Cancelled, job.State);
        Assert.InRange(CopiedFiles(), 1, Files - 1);
        Assert.Empty(Directory.GetFiles(Stack.Target, ".continuity-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Sync_SourceMissing_FailsOnceWithWhatToDo()
    {
        Directory.Delete(Stack.Source, recursive: true);
        await Stack.StartWorkerAsync("east", "sync");

        var job = await Stack.WaitForEndAsync(await Stack.CreateJobAsync(JobKind.Sync));

        Assert.Equal((JobState.Failed, 1), (job.State, job.Attempts));
        Assert.Equal(FailureCodes.SourceMissing, job.Error!.Code);
        Assert.Contains(Stack.Source, job.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_TargetBehindALinkOutOfTheStorageRoot_IsRefused()
    {
        var outside = Path.Join(Path.GetTempPath(), $"continuity-outside-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(Stack.Target, outside);
        await Stack.StartWorkerAsync("east", "sync");

        var job = await Stack.WaitForEndAsync(await Stack.CreateJobAsync(JobKind.Sync));

        Assert.Equal((JobState.Failed, FailureCodes.PathRefused), (job.State, job.Error!.Code));
        Assert.False(Directory.Exists(outside));
    }

    // On a machine that is busy enough a lease of seconds may be lost once more; the tokens grow all the same.
    internal static void AssertTakenOver(IReadOnlyList<JobAttempt> attempts)
    {
        Assert.True(attempts.Count >= 2);
        Assert.All(attempts.SkipLast(1), attempt => Assert.Equal(AttemptOutcome.Lost, attempt.Outcome));
        Assert.Equal(AttemptOutcome.Succeeded, attempts[^1].Outcome);
        Assert.All(
            attempts.Zip(attempts.Skip(1)), pair => Assert.True(pair.First.FencingToken < pair.Second.FencingToken));
    }

    private int CopiedFiles() => Directory.Exists(Stack.Target)
        ? Directory.GetFiles(Stack.Target, "file*", SearchOption.AllDirectories).Length
        : 0;

    public async ValueTask DisposeAsync()
    {
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
