using Aspire.Hosting.Logs;
using Aspire.Hosting.Running;
using Continuity.Testing;

namespace Continuity.Aspire.Hosting.Tests.Running;

/// <summary>What a process of a test needs: a spawner, a guard, a log.</summary>
internal sealed class ProcessFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProcessSpawner _spawner = new();

    public ProcessFixture(TimeProvider? time = null)
    {
        Mark = new RunMark(_folder.Path);
        Guard = ProcessGuard.Start(_spawner, Mark.Entry);
        Host = new ProcessHost(_spawner, Guard, Mark, time ?? TimeProvider.System);
        Log = new ResourceLog(_folder.Path, "test", TimeProvider.System);
    }

    public ProcessGuard Guard { get; }

    public ProcessHost Host { get; }

    public ResourceLog Log { get; }

    public RunMark Mark { get; }

    public ManagedProcess StartShell(string script) =>
        ManagedProcess.Start(Host, new LaunchSpec("sh", ["-c", script], "/"), Log.For("test"));

    /// <summary>Waits for a line of output that starts with a word, and returns the rest of it.</summary>
    public async Task<string> ReadAsync(string word)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        await foreach (var line in Log.ReadAsync(follow: true, deadline.Token))
        {
            if (line.Text.StartsWith(word, StringComparison.Ordinal))
            {
                return line.Text[word.Length..].Trim();
            }
        }

        throw new InvalidOperationException($"No line '{word}'.");
    }

    public void Dispose()
    {
        Guard.Dispose();
        _spawner.Dispose();
        Log.Dispose();
        _folder.Dispose();
    }
}
