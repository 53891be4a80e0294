using Continuity.Vault.Backup;
using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Backup;

public sealed class PathPatternsTests
{
    [Theory]
    [InlineData("/models/llm/logs", "logs/a.txt", true)]
    [InlineData("/models/llm/logs", "other/logs", false)]
    [InlineData("/models/*/logs", "logs", true)]
    [InlineData("/models", "anything", true)]
    [InlineData("/logs", "logs/a.txt", true)]
    [InlineData("/logs", "deep/logs", false)]
    [InlineData("logs", "deep/logs/a", true)]
    [InlineData("models/llm/logs", "logs", false)]
    [InlineData("/models/llm/log", "logs", false)]
    [InlineData("/models/llm", "llm", true)]
    public void WholePath_MatchesInItsRoot(string pattern, string path, bool matches)
    {
        var patterns = new PathPatterns([pattern], [FilePath.FromText("/models/llm")]);

        Assert.Equal(matches, patterns.MatchesOrHolds(FilePath.FromText(path)));
    }

    [Theory]
    [InlineData("/a/data/x", "data/x", true)]
    [InlineData("/b/data/x", "data-2/x", true)]
    [InlineData("/b/data/x", "data/x", false)]
    [InlineData("/b/data", "data-2/y", true)]
    [InlineData("/b/data", "data/y", false)]
    public void WholePath_OfSeveralRoots_MatchesInItsOwn(string pattern, string path, bool matches)
    {
        var patterns = new PathPatterns([pattern], [FilePath.FromText("/a/data"), FilePath.FromText("/b/data")]);

        Assert.Equal(matches, patterns.MatchesOrHolds(FilePath.FromText(path)));
    }

    [Fact]
    public async Task Backup_WithoutAWholePath_LeavesItOut()
    {
        using var test = await TestRepository.CreateAsync();
        Directory.CreateDirectory(test.InSource("cache/deep"));
        await File.WriteAllTextAsync(test.InSource("cache/deep/a"), "a", TestRepository.Cancellation);
        await File.WriteAllTextAsync(test.InSource("kept"), "b", TestRepository.Cancellation);

        await test.BackupAsync(new BackupOptions { Roots = [test.Source], Exclude = [test.InSource("cache")] });

        using var browser = await SnapshotBrowser.OpenAsync(test.Repository, TestRepository.Cancellation);
        Assert.Equal(["", "kept"], browser.List(browser.Find("latest")).Select(entry => entry.Path));
    }
}
