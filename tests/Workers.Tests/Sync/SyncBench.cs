using Continuity.Contracts.ArtefactSets;
using Continuity.Testing;
using Continuity.Workers.Fencing;
using Continuity.Workers.Jobs;
using Continuity.Workers.Sync;

namespace Continuity.Workers.Tests.Sync;

/// <summary>A source, a target and what it takes to sync them, in a folder of the test's own.</summary>
internal sealed class SyncBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SyncBench()
    {
        Source = _folder.Combine("source");
        Target = _folder.Combine("target");
        Directory.CreateDirectory(Source);
    }

    public string Source { get; set; }

    public string Target { get; set; }

    public string Folder => _folder.Path;

    public SyncOptions Options { get; } = new() { RetryDelay = TimeSpan.FromMilliseconds(1) };

    public WorkProgress Progress { get; } = new();

    /// <summary>Settable, so that a test decides when bytes that are limited may pass.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public Task<SyncOutcome> SyncAsync(
        long token = 1,
        DeletionPolicy deletions = DeletionPolicy.Delete,
        SyncComparison comparison = SyncComparison.Quick,
        CancellationToken? cancellationToken = null) =>
        new Replicator(Microsoft.Extensions.Options.Options.Create(Options), Time).RunAsync(
            new SyncRequest
            {
                Source = Source,
                Target = Target,
                Token = new FencingToken("set", token),
                Deletions = deletions,
                Comparison = comparison,
            },
            Progress,
            cancellationToken ?? TestContext.Current.CancellationToken);

    public async Task<JobFailureException> FailAsync(DeletionPolicy deletions = DeletionPolicy.Delete) =>
        await Assert.ThrowsAsync<JobFailureException>(() => SyncAsync(deletions: deletions));

    /// <summary>A file in the source that changed long ago, so that its time stamp can be trusted.</summary>
    public void Write(string path, string content, int secondsAgo = 3600)
    {
        var place = Path.Join(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, content);
        File.SetLastWriteTimeUtc(place, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-secondsAgo));
    }

    public string ReadCopy(string path) => File.ReadAllText(Path.Join(Target, path));

    public bool IsCopied(string path) => File.Exists(Path.Join(Target, path));

    public void Dispose() => _folder.Dispose();
}
