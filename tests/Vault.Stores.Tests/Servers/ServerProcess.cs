using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>A server that runs while a test does, and says on which port it listens.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // The server ends when its standard input does: also when the tests are killed.
    private const string Keeper = "\"$@\" </dev/null & server=$!; cat >/dev/null; kill -9 $server";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Regex _ready;

    private ServerProcess(ProcessStartInfo start, Regex ready)
    {
        _ready = ready;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Look(line.Data);
        _process.ErrorDataReceived += (_, line) => Look(line.Data);
    }

    public int Port { get; private set; }

    /// <summary>Starts a program and waits until a line of its output matches; the first group is the port.</summary>
    public static async Task<ServerProcess> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Regex ready)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Keeper, "sh", program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(start, ready);
        await server.WaitUntilReadyAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }
        catch (IOException)
        {
            // It is gone already.
        }

        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        try
        {
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            Port = await _port.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        }
        catch (Exception exception) when (exception is TimeoutException or Win32Exception)
        {
            await DisposeAsync();
            throw new InvalidOperationException(
                $"'{_process.StartInfo.ArgumentList[3]}' is not ready: {_output}", exception);
        }
    }

    private void Look(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (_ready.Match(line) is { Success: true } match)
        {
            _port.TrySetResult(int.Parse(match.Groups[1].ValueSpan, provider: null));
        }
    }
}
