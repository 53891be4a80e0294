using Continuity.Contracts.Jobs;
using Continuity.Testing;
using Continuity.Workers.Backup;
using Continuity.Workers.Fencing;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Tests.Backup;

/// <summary>A source, a folder of archives and a destination, in a folder of the test's own.</summary>
internal sealed class BackupBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BackupBench()
    {
        Source = _folder.Combine("source");
        Archives = _folder.Combine("archives", "set");
        Target = _folder.Combine("restored");
        Directory.CreateDirectory(Source);
    }

    public string Source { get; }

    public string Archives { get; }

    public string Target { get; }

    public string Folder => _folder.Path;

    public BackupOptions Options { get; } = new() { RetryDelay = TimeSpan.FromMilliseconds(1) };

    public WorkProgress Progress { get; } = new();

    /// <summary>Settable, so that a test decides when limited bytes may pass, and when an archive was made.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public Task<ArchiveOutcome> BackupAsync(
        long token = 1, Guid? job = null, CancellationToken? cancellationToken = null) =>
        new FolderBackup(Microsoft.Extensions.Options.Options.Create(Options), Time).RunAsync(
            new BackupRequest
            {
                Source = Source,
                ArchiveFolder = Archives,
                Job = job ?? Guid.NewGuid(),
                Token = new FencingToken("set", token),
            },
            Progress,
            cancellationToken ?? TestContext.Current.CancellationToken);

    public Task<ArchiveOutcome> RestoreAsync(
        string? archive = null, ExistingFiles existing = ExistingFiles.Refuse, long token = 1, Guid? job = null) =>
        new FolderRestore(TimeProvider.System).RunAsync(
            new RestoreRequest
            {
                ArchiveFolder = Archives,
                Archive = archive,
                Target = Target,
                Existing = existing,
                Job = job ?? Guid.NewGuid(),
                Token = new FencingToken("set", token),
            },
            new WorkProgress(),
            TestContext.Current.CancellationToken);

    public async Task<JobFailureException> FailToRestoreAsync(
        string? archive = null, ExistingFiles existing = ExistingFiles.Refuse) =>
        await Assert.ThrowsAsync<JobFailureException>(() => RestoreAsync(archive, existing));

    public string PathOf(ArchiveOutcome outcome) => Path.Join(Archives, outcome.Archive);

    public void Write(string path, string content)
    {
        var place = Path.Join(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, content);
    }

    public string ReadRestored(string path) => File.ReadAllText(Path.Join(Target, path));

    /// <summary>What the destination holds at its top, but for what is the workers' own.</summary>
    public IEnumerable<string> RestoredNames() => Directory.Exists(Target)
        ? Directory.EnumerateFileSystemEntries(Target)
            .Select(path => Path.GetFileName(path))
            .Where(name => name != ".continuity")
        : [];

    public void Dispose() => _folder.Dispose();
}
