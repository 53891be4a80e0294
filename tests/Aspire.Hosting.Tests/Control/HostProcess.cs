using System.Text.Json;
using System.Text.Json.Nodes;
using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.Aspire.Hosting.Tests.Control;

/// <summary>A host as a process of its own, running the sample stack.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private const string Project = "tests/SampleStack";

    private readonly TemporaryFolder _folder = new();

    public ChildProcess? Process { get; private set; }

    public string State => _folder.Combine("state");

    public static Task<ChildProcess> StartAsync(string state, params string[] arguments) =>
        ChildProcess.StartProjectAsync(Project, [.. arguments, $"--State:Path={state}"]);

    public async Task UpAsync(params string[] arguments)
    {
        Process = await StartAsync(State, ["--no-dashboard", .. arguments]);
        await Process.WaitForLineAsync("All healthy", Limit);
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int Exit, string Output)> CommandAsync(params string[] arguments)
    {
        await using var process = await StartAsync(State, arguments);
        var exit = await process.WaitForExitAsync(Limit);
        return (exit, process.Output);
    }

    public async Task<JsonArray> ListAsync()
    {
        var (exit, output) = await CommandAsync("ps", "--json");
        Assert.Equal(0, exit);
        return JsonSerializer.Deserialize<JsonArray>(output) ?? [];
    }

    public async Task<IReadOnlyList<int>> ProcessesAsync() =>
        [.. (await ListAsync()).Select(replica => replica?["processId"]?.GetValue<int>()).OfType<int>()];

    public async ValueTask DisposeAsync()
    {
        if (Process is { HasExited: false })
        {
            await Process.TerminateAsync(Limit);
        }

        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        _folder.Dispose();
    }
}
