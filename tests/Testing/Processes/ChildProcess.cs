using System.Diagnostics;
using System.Net;

namespace Continuity.Testing.Processes;

/// <summary>
/// A real process of a test: its output is captured, it takes signals, and it never outlives the test process.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _exitDeadline = TimeSpan.FromSeconds(60);

    // Only where a grandchild holds the pipes open is so long waited; a busy machine needs a part of it to read them.
    private static readonly TimeSpan _outputDeadline = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _name;
    private readonly OutputLog _output = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ChildProcessStart start)
    {
        _name = Path.GetFileName(start.FileName);
        _process = new Process { StartInfo = start.ToStartInfo(), EnableRaisingEvents = true };
        _process.Exited += OnExited;
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
    }

    /// <summary>The id of the program itself, not of a wrapper around it.</summary>
    public int Id { get; private set; }

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Standard output and standard error so far, in the order of arrival.</summary>
    public string Output => _output.Text;

    /// <summary>Starts a program.</summary>
    public static async Task<ChildProcess> StartAsync(ChildProcessStart start)
    {
        var child = new ChildProcess(start);
        await ProcessStarter.StartAsync(child._process);
        child.Id = child._process.Id;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Starts a project of this tree, as it was built.</summary>
    public static Task<ChildProcess> StartProjectAsync(
        string projectFolder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var program = RepositoryLayout.ProgramOf(projectFolder);
        return StartAsync(new ChildProcessStart("dotnet")
        {
            Arguments = [program, .. arguments],
            Environment = environment ?? new Dictionary<string, string>(),

            // A web host watches its working folder with all below it: that must be a small one.
            WorkingDirectory = Path.GetDirectoryName(program) ?? "/",
        });
    }

    /// <summary>Sends a signal to a process that a child of this test started.</summary>
    public static void SignalById(int processId, UnixSignal signal) => SystemCalls.Kill(processId, signal);

    /// <summary>Sends a signal; a process that has ended meanwhile is no error.</summary>
    public void Signal(UnixSignal signal)
    {
        if (!HasExited)
        {
            SystemCalls.Kill(Id, signal);
        }
    }

    /// <summary>kill -9, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        Signal(UnixSignal.Kill);
        await WaitForExitAsync(_exitDeadline);
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task<int> TerminateAsync(TimeSpan deadline)
    {
        Signal(UnixSignal.Terminate);
        return await WaitForExitAsync(deadline);
    }

    /// <summary>Waits for the exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan deadline)
    {
        try
        {
            return await _exited.Task.WaitAsync(deadline, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_name} ({Id}) has not ended within {deadline}. Its output:\n{Output}");
        }
    }

    /// <summary>
    /// Waits for a line of output that starts with <paramref name="prefix"/>; one written before counts.
    /// </summary>
    public Task<string> WaitForLineAsync(string prefix, TimeSpan deadline) =>
        WaitForLineAsync(line => line.StartsWith(prefix, StringComparison.Ordinal), $"a line '{prefix}...'", deadline);

    /// <summary>Waits for a line of output that matches; one written before counts.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> match, string description, TimeSpan deadline)
    {
        try
        {
            return await _output.WaitAsync(match).WaitAsync(deadline, TimeProvider.System);
        }
        catch (Exception exception) when (exception is TimeoutException or EndOfStreamException)
        {
            throw Unmet($"did not write {description}", deadline, exception);
        }
    }

    /// <summary>Asks <paramref name="address"/> until it answers 200.</summary>
    public async Task WaitForHttpOkAsync(Uri address, TimeSpan deadline)
    {
        using var client = new HttpClient { Timeout = deadline };
        using var expiry = new CancellationTokenSource(deadline, TimeProvider.System);
        while (!HasExited && !expiry.IsCancellationRequested)
        {
            try
            {
                using var response = await client.GetAsync(address, expiry.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // Not up yet.
            }

            await Task.Delay(_pollInterval, TimeProvider.System);
        }

        throw Unmet($"did not answer 200 at {address}", deadline, inner: null);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private InvalidOperationException Unmet(string what, TimeSpan deadline, Exception? inner)
    {
        var state = HasExited || inner is EndOfStreamException ? "ended and" : $"runs, but within {deadline}";
        return new InvalidOperationException($"{_name} ({Id}) {state} {what}. Its output:\n{Output}", inner);
    }

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
        {
            _output.EndOfStream();
        }
        else
        {
            _output.Append(line.Data);
        }
    }

    private async void OnExited(object? sender, EventArgs arguments)
    {
        // What it wrote last is read before anybody hears of its end. A grandchild may hold the pipes open for longer
        // than that: it is not waited for.
        await Task.WhenAny(_output.Ended, Task.Delay(_outputDeadline, TimeProvider.System));
        _exited.TrySetResult(_process.ExitCode);
    }
}
