using Continuity.Contracts.Jobs;
using Continuity.EndToEnd.Tests.Jobs;
using Continuity.EndToEnd.Tests.Stack;
using Continuity.Testing.Processes;

namespace Continuity.EndToEnd.Tests;

/// <summary>Workers that die or freeze with half of a job done: the other site's worker does the rest.</summary>
[Collection(StackScenarios.Name)]
public sealed class WorkerFailureTests(StackFixture stack)
{
    private const int Files = 24;

    // Six seconds of work at the fixture's limit. Progress is told each 0.7 s, so four are left to see it and to kill.
    private const int FileBytes = 400_000;
    private const long Middle = Files * FileBytes / 6;

    private static readonly TimeSpan _logDeadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Sync_WorkerKilledInTheMiddle_IsFinishedByTheOtherSites()
    {
        var folder = await DeclareAsync("sync-killed");
        var job = await stack.Jobs.StartAsync(JobKind.Sync, folder.Name);
        var holder = ResourceOf(await stack.Jobs.UnderWayAsync(job.Id, Middle));

        try
        {
            await stack.KillAsync(holder);
            var ended = await stack.Jobs.EndedAsync(job.Id);

            Assert.True(ended.State == JobState.Succeeded, $"{ended}");
            Assert.Equal(OtherSites(holder), ResourceOf(ended));
            Assert.Equal(FolderContent.Read(folder.Source), FolderContent.Read(folder.Target));
            Assert.Empty(FolderContent.HalfWritten(folder.Target));
            AttemptAssert.TakenOver(await stack.Jobs.AttemptsAsync(job.Id));
            Assert.Equal(ended.FencingToken, folder.FenceOfTarget());
        }
        finally
        {
            await stack.StartAsync(holder);
        }
    }

    [Fact]
    public async Task Backup_WorkerKilledInTheMiddle_IsFinishedByTheOtherSitesAndRestores()
    {
        var folder = await DeclareAsync("backup-killed");
        var job = await stack.Jobs.StartAsync(JobKind.Backup, folder.Name);
        var holder = ResourceOf(await stack.Jobs.UnderWayAsync(job.Id, Middle));

        try
        {
            await stack.KillAsync(holder);
            Assert.Empty(folder.ArchiveFiles());
            var ended = await stack.Jobs.EndedAsync(job.Id);
            var restored = await stack.Jobs.EndedAsync((await stack.Jobs.StartAsync(new CreateJobRequest
            {
                Kind = JobKind.Restore,
                ArtefactSet = folder.Name,
                Destination = folder.Destination,
            })).Id);

            Assert.True(ended.State == JobState.Succeeded, $"{ended}");
            Assert.Equal(OtherSites(holder), ResourceOf(ended));
            Assert.Equal(ended.Result?.Archive, Assert.Single(folder.ArchiveFiles()));
            Assert.Empty(FolderContent.HalfWritten(folder.Archives));
            AttemptAssert.TakenOver(await stack.Jobs.AttemptsAsync(job.Id));
            Assert.True(restored.State == JobState.Succeeded, $"{restored}");
            Assert.Equal(FolderContent.Read(folder.Source), FolderContent.Read(folder.Restored));
        }
        finally
        {
            await stack.StartAsync(holder);
        }
    }

    [Theory]
    [InlineData(JobKind.Sync)]
    [InlineData(JobKind.Backup)]
    public async Task Job_WorkerFrozenInTheMiddle_IsTakenFromItAndItWritesNothingWhenItWakes(JobKind kind)
    {
        var folder = await DeclareAsync($"{kind}-frozen".ToLowerInvariant());
        var job = await stack.Jobs.StartAsync(kind, folder.Name);
        var holder = ResourceOf(await stack.Jobs.UnderWayAsync(job.Id, Middle));
        var written = kind == JobKind.Sync ? folder.Target : folder.Archives;

        try
        {
            await stack.Process.SignalAsync(holder, UnixSignal.Stop);
            var ended = await stack.Jobs.EndedAsync(job.Id);
            Assert.True(ended.State == JobState.Succeeded, $"{ended}");
            Assert.Equal(OtherSites(holder), ResourceOf(ended));
            var before = FolderContent.ReadWithReserved(written);

            await stack.Process.SignalAsync(holder, UnixSignal.Continue);
            await stack.Process.WaitForLogAsync(holder, EndOfALostJob(job.Id), _logDeadline);

            Assert.Equal(before, FolderContent.ReadWithReserved(written));
            AttemptAssert.TakenOver(await stack.Jobs.AttemptsAsync(job.Id));
            Assert.Equal(ended, await stack.Jobs.EndedAsync(job.Id));
        }
        finally
        {
            await stack.Process.SignalAsync(holder, UnixSignal.Continue);
        }
    }

    [Fact]
    public async Task Sync_TargetHasSeenAGreaterToken_IsRefusedAndWritesNothing()
    {
        const long Greater = 1_000_000_000;
        var folder = await DeclareAsync("sync-fenced");
        folder.RaiseFenceOfTarget(Greater);

        var job = await stack.Jobs.EndedAsync((await stack.Jobs.StartAsync(JobKind.Sync, folder.Name)).Id);

        Assert.Equal((JobState.Failed, "stale-fencing-token"), (job.State, job.Error?.Code));
        Assert.Empty(FolderContent.Read(folder.Target));
        Assert.Equal(Greater, folder.FenceOfTarget());
    }

    // The last two are for a write that it was frozen in: it fails by itself where the other has cleared its file away.
    private static IReadOnlyList<string> EndOfALostJob(Guid job) =>
    [
        $"Job {job} is let go",
        $"Job {job} was refused a write",
        $"Job {job} has failed, but the control plane could not be told",
        $"job {job} has failed; the control plane says Refused",
    ];

    // A worker's name begins with its role and site, as its resource's does.
    private static string ResourceOf(Job job) => string.Join('-', (job.Worker ?? "").Split('-').Take(2));

    private static string OtherSites(string resource) => resource.EndsWith("-east", StringComparison.Ordinal)
        ? resource.Replace("-east", "-west", StringComparison.Ordinal)
        : resource.Replace("-west", "-east", StringComparison.Ordinal);

    private async Task<ProtectedFolder> DeclareAsync(string name)
    {
        var folder = new ProtectedFolder(stack.Process, name).Fill(Files, FileBytes);
        await stack.WaitUntilWholeAsync();
        await stack.Jobs.DeclareAsync(folder.Name, folder.Declaration);
        return folder;
    }
}
