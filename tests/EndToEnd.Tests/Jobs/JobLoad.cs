using System.Collections.Concurrent;
using Continuity.Contracts.Jobs;
using Continuity.EndToEnd.Tests.Stack;

namespace Continuity.EndToEnd.Tests.Jobs;

/// <summary>
/// Jobs on a few artefact sets, each asked for under a key of its own, and what must have come of all of them.
/// </summary>
internal sealed class JobLoad(StackProcess stack, JobClient jobs)
{
    private const int Sets = 4;
    private const int Files = 9;

    // Three seconds of work for each job at the fixture's limit: an outage that begins at its first bytes meets it.
    private const int FileBytes = 500_000;

    private readonly List<ProtectedFolder> _folders = [];
    private readonly ConcurrentDictionary<string, Job> _asked = new();

    public async Task DeclareAsync()
    {
        foreach (var number in Enumerable.Range(1, Sets))
        {
            var folder = new ProtectedFolder(stack, $"load-{number}").Fill(Files, FileBytes);
            await jobs.DeclareAsync(folder.Name, folder.Declaration);
            _folders.Add(folder);
        }
    }

    /// <summary>Asks for a job on each set; asked again for the same round, the answer must be the same job.</summary>
    public Task AskAsync(string round, JobKind kind) => Task.WhenAll(_folders.Select(async folder =>
    {
        var key = $"{round}-{kind}-{folder.Name}";
        var job = await jobs.StartAsync(new CreateJobRequest { Kind = kind, ArtefactSet = folder.Name }, key);
        Assert.Equal(_asked.GetOrAdd(key, job).Id, job.Id);
    }));

    /// <summary>Waits until a worker is in the middle of a job that was asked for.</summary>
    public Task AtWorkAsync() => jobs.UnderWayAsync(_asked.Values.MinBy(job => job.CreatedAt)!.Id, bytes: 1);

    /// <summary>Changes the sources, once everything asked for so far is done.</summary>
    public async Task ChangeAsync()
    {
        await EndedAsync();
        _folders.ForEach(folder => folder.Change());
    }

    /// <summary>Fails unless every job asked for was done exactly once, and there are no others.</summary>
    public async Task AssertAllDoneOnceAsync()
    {
        var ended = await EndedAsync();
        Assert.All(ended, job => Assert.True(job.State == JobState.Succeeded, $"{job}"));
        Assert.True(ended.Any(job => job.Attempts > 1), "The outage met no job at work.");
        foreach (var folder in _folders)
        {
            var mine = ended.Where(job => job.ArtefactSet == folder.Name).ToList();
            Assert.Equal(Ids(mine), Ids(await jobs.ListAsync(folder.Name)));

            var attempts = await Task.WhenAll(mine.Select(job => jobs.AttemptsAsync(job.Id)));
            Assert.All(attempts, AttemptAssert.DoneOnce);
            AttemptAssert.OneAtATime(attempts.SelectMany(each => each));

            Assert.Equal(FolderContent.Read(folder.Source), FolderContent.Read(folder.Target));
            Assert.Empty(FolderContent.HalfWritten(folder.Target));
            Assert.Equal(
                mine.Where(job => job.Kind == JobKind.Backup).Select(job => job.Result?.Archive).Order(),
                folder.ArchiveFiles().Order());
        }
    }

    private static IEnumerable<Guid> Ids(IEnumerable<Job> jobs) => jobs.Select(job => job.Id).Order();

    private async Task<IReadOnlyList<Job>> EndedAsync() =>
        await Task.WhenAll(_asked.Values.Select(job => jobs.EndedAsync(job.Id)));
}
