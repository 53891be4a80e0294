using Aspire.Hosting.Logs;
using Continuity.Testing;

namespace Continuity.Aspire.Hosting.Tests.Logs;

public sealed class ResourceLogTests
{
    [Fact]
    public void File_IsBounded()
    {
        using var folder = new TemporaryFolder();
        using var log = new ResourceLog(folder.Path, "noisy", TimeProvider.System);
        var line = new string('x', 10_000);

        for (var written = 0; written < 3_000; written++)
        {
            log.Write("noisy-1", line, isError: false);
        }

        var files = new DirectoryInfo(folder.Path).GetFiles();
        Assert.Equal(["noisy.log", "noisy.log.1"], files.Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.InRange(files.Sum(file => file.Length), 8_000_000, 17_000_000);
    }

    [Fact]
    public async Task Follow_GivesWhatWasAndWhatComes()
    {
        using var folder = new TemporaryFolder();
        using var log = new ResourceLog(folder.Path, "server", TimeProvider.System);
        log.Write("server-1", "before", isError: false);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var seen = new List<string>();

        await foreach (var line in log.ReadAsync(follow: true, deadline.Token))
        {
            seen.Add(line.Text);
            if (seen.Count == 2)
            {
                break;
            }

            log.Write("server-1", "after", isError: true);
        }

        Assert.Equal(["before", "after"], seen);
    }

    [Fact]
    public async Task Colours_ReachWhoFollows_ButNotTheFile()
    {
        const string Coloured = "\e[40m\e[32minfo\e[39m\e[22m\e[49m: [ready] at 100%";
        using var folder = new TemporaryFolder();
        using var log = new ResourceLog(folder.Path, "server", TimeProvider.System);

        log.Write("server-1", Coloured, isError: false);

        var file = await File.ReadAllTextAsync(folder.Combine("server.log"));
        Assert.EndsWith("[server-1] info: [ready] at 100%\n", file, StringComparison.Ordinal);
        await foreach (var line in log.ReadAsync(follow: false, CancellationToken.None))
        {
            Assert.Equal(Coloured, line.Text);
        }
    }

    [Fact]
    public async Task Line_TooLong_IsCut()
    {
        using var folder = new TemporaryFolder();
        using var log = new ResourceLog(folder.Path, "server", TimeProvider.System);

        log.Write("server-1", new string('x', 100_000), isError: false);

        await foreach (var line in log.ReadAsync(follow: false, CancellationToken.None))
        {
            Assert.InRange(line.Text.Length, 16_384, 16_400);
        }
    }
}
