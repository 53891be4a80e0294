using System.Net;
using System.Net.Http.Json;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.EndToEnd.Tests.Jobs;
using Continuity.EndToEnd.Tests.Stack;
using Continuity.Testing;

namespace Continuity.EndToEnd.Tests;

/// <summary>Jobs that cannot be done as things are: each fails once, with a sentence that says what to do.</summary>
[Collection(StackScenarios.Name)]
public sealed class JobBadInputTests(StackFixture stack)
{
    private const int DiskBytes = 1 << 20;

    [Theory]
    [InlineData(JobKind.Sync)]
    [InlineData(JobKind.Backup)]
    public async Task Job_SourceMissing_FailsAndLeavesTheCopy(JobKind kind)
    {
        var folder = await DeclareAsync($"{kind}-no-source");
        await RunAsync(JobKind.Sync, folder);
        var before = FolderContent.Read(folder.Target);
        Directory.Delete(folder.Source, recursive: true);

        var job = await RunAsync(kind, folder);

        AssertFailedOnce(job, "source-missing", folder.Source);
        Assert.Equal(before, FolderContent.Read(folder.Target));
        Assert.NotEmpty(before);
    }

    [Fact]
    public async Task Sync_FileWhereTheTargetShouldBe_Fails()
    {
        var folder = await DeclareAsync("target-is-a-file");
        await File.WriteAllTextAsync(folder.Target, "in the way");

        var job = await RunAsync(JobKind.Sync, folder);

        AssertFailedOnce(job, "target-not-writable", folder.Target);
        Assert.Equal("in the way", await File.ReadAllTextAsync(folder.Target));
    }

    [Theory]
    [InlineData(JobKind.Sync)]
    [InlineData(JobKind.Backup)]
    public async Task Job_DiskFull_FailsAndSucceedsWhenThereIsRoom(JobKind kind)
    {
        var folder = await DeclareAsync($"{kind}-disk-full", fileBytes: DiskBytes / 4);
        using var disk = Mount.Small(kind == JobKind.Sync ? folder.Target : folder.Archives, DiskBytes);
        var full = await RunAsync(kind, folder);
        Directory.Delete(Path.Combine(folder.Source, "folder1"), recursive: true);
        Directory.Delete(Path.Combine(folder.Source, "folder2"), recursive: true);

        await stack.Jobs.RetryAsync(full.Id);
        var retried = await stack.Jobs.EndedAsync(full.Id);

        AssertFailedOnce(full, "disk-full", kind == JobKind.Sync ? folder.Target : folder.Archives);
        Assert.True(retried.State == JobState.Succeeded, $"{retried}");
    }

    [Theory]
    [InlineData(JobKind.Sync)]
    [InlineData(JobKind.Backup)]
    public async Task Job_LinkOutOfTheSet_IsRefused(JobKind kind)
    {
        var folder = await DeclareAsync($"{kind}-link-out");
        File.CreateSymbolicLink(Path.Combine(folder.Source, "folder0/secrets"), "../../../keys");

        var job = await RunAsync(kind, folder);

        AssertFailedOnce(job, "path-refused", "folder0/secrets");
        Assert.False(Directory.Exists(folder.Target));
    }

    [Fact]
    public async Task Sync_TargetBehindALinkOutOfTheSite_IsRefused()
    {
        var folder = await DeclareAsync("link-in-target");
        var outside = stack.Process.StateFile("outside");
        File.CreateSymbolicLink(folder.Target, outside);

        var job = await RunAsync(JobKind.Sync, folder);

        AssertFailedOnce(job, "path-refused", folder.Name);
        Assert.False(Directory.Exists(outside));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("restored/../../outside")]
    public async Task Restore_DestinationOutside_Is400(string path)
    {
        var folder = await DeclareAsync("restore-outside");
        using var client = stack.Process.Client();

        using var response = await client.PostAsJsonAsync("/api/v1/jobs", new CreateJobRequest
        {
            Kind = JobKind.Restore,
            ArtefactSet = folder.Name,
            Destination = new SitePath { Site = "west", Path = path },
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("..", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static void AssertFailedOnce(Job job, string code, string where)
    {
        Assert.Equal((JobState.Failed, code, 1), (job.State, job.Error?.Code, job.Attempts));
        Assert.Contains(where, job.Error?.Message ?? "", StringComparison.Ordinal);
    }

    private async Task<Job> RunAsync(JobKind kind, ProtectedFolder folder) =>
        await stack.Jobs.EndedAsync((await stack.Jobs.StartAsync(kind, folder.Name)).Id);

    private async Task<ProtectedFolder> DeclareAsync(string name, int fileBytes = 1_000)
    {
        var folder = new ProtectedFolder(stack.Process, name.ToLowerInvariant()).Fill(files: 6, fileBytes);
        await stack.WaitUntilWholeAsync();
        await stack.Jobs.DeclareAsync(folder.Name, folder.Declaration);
        return folder;
    }
}
