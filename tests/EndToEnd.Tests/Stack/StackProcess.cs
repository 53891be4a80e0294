using System.Net.Http.Headers;
using System.Net.Sockets;
using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.EndToEnd.Tests.Stack;

/// <summary>
/// A whole stack: AppHost as a real child process with a state folder and ports of its own. Disposal ends it and all
/// that it started; so does the end of the test process, however it comes.
/// </summary>
public sealed class StackProcess : IAsyncDisposable
{
    private const string KeepVariable = "CONTINUITY_KEEP_STACK";
    private const int ModelServers = 4;

    private static readonly TimeSpan _stopDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _state = new("continuity-stack-");
    private readonly StackControl _control;

    private StackProcess()
    {
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL runs as a user of its own, which must be able to walk down to its data.
            File.SetUnixFileMode(_state.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        _control = new StackControl(StateFile("run/control.sock"));
        Gateway = new Uri($"http://127.0.0.1:{FreePort.Next()}");
    }

    /// <summary>The host's process; those that it started are in <see cref="ListAsync"/>.</summary>
    public ChildProcess Host { get; private set; } = null!; // Set before StartAsync returns.

    public Uri Gateway { get; }

    /// <summary>Starts a stack and returns once its host listens; see <see cref="WaitUntilHealthyAsync"/>.</summary>
    /// <param name="environment">More variables for the host and all that it starts.</param>
    public static async Task<StackProcess> StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var stack = new StackProcess();
        try
        {
            await stack.StartHostAsync(environment ?? new Dictionary<string, string>());
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of something in the state folder.</summary>
    public string StateFile(string name) => _state.Combine(name);

    /// <summary>A client of the gateway that carries the development key.</summary>
    public HttpClient Client() => new()
    {
        BaseAddress = Gateway,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", AdminKey()) },
    };

    /// <summary>The development key of the first administrator.</summary>
    public string AdminKey() => File.ReadAllText(StateFile("keys/admin-key")).Trim();

    public async Task<IReadOnlyList<StackReplica>> ListAsync()
    {
        using var expiry = new CancellationTokenSource(_stopDeadline, TimeProvider.System);
        return await _control.ListAsync(expiry.Token);
    }

    /// <summary>The only replica of a resource.</summary>
    public async Task<StackReplica> FindAsync(string resource) =>
        (await ListAsync()).Single(replica => replica.Resource == resource);

    /// <summary>Starts a resource that has ended.</summary>
    public async Task StartAsync(string resource)
    {
        using var expiry = new CancellationTokenSource(_stopDeadline, TimeProvider.System);
        await _control.SendAsync("start", [resource], expiry.Token);
    }

    /// <summary>Sends a signal to a resource's process: nobody asks the host.</summary>
    public async Task SignalAsync(string resource, UnixSignal signal)
    {
        var replica = await FindAsync(resource);
        ChildProcess.SignalById(
            replica.ProcessId ?? throw new InvalidOperationException($"{resource} has no process: {replica}"), signal);
    }

    /// <summary>Waits until a resource's log holds one of these texts.</summary>
    public async Task WaitForLogAsync(string resource, IReadOnlyList<string> texts, TimeSpan deadline)
    {
        using var expiry = new CancellationTokenSource(deadline, TimeProvider.System);
        var log = "";
        while (!texts.Any(text => log.Contains(text, StringComparison.Ordinal)))
        {
            if (expiry.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"{resource} did not log '{string.Join("' or '", texts)}' within {deadline}:\n{log}");
            }

            await Task.Delay(_pollInterval, TimeProvider.System);
            log = await File.ReadAllTextAsync(StateFile($"logs/{resource}.log"));
        }
    }

    /// <summary>Waits until all resources, or those named, are healthy.</summary>
    public Task WaitUntilHealthyAsync(TimeSpan deadline, params IReadOnlyCollection<string> resources) =>
        WaitUntilAsync(
            replicas => replicas
                .Where(replica => resources.Count == 0 || resources.Contains(replica.Resource))
                .All(replica => replica.IsHealthy),
            "be healthy", deadline);

    /// <summary>Waits until the host has seen that a resource's process is gone.</summary>
    public Task WaitUntilEndedAsync(string resource, TimeSpan deadline) =>
        WaitUntilAsync(
            replicas => replicas.Single(replica => replica.Resource == resource).ProcessId is null,
            $"see {resource} end", deadline);

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
        {
            Host.Signal(UnixSignal.Continue);
            await Host.TerminateAsync(_stopDeadline);
            await Host.DisposeAsync();
        }

        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(KeepVariable)))
        {
            _state.Dispose();
        }
        else
        {
            Console.WriteLine($"The stack's state and logs are kept in {_state.Path}.");
        }
    }

    private async Task StartHostAsync(IReadOnlyDictionary<string, string> environment)
    {
        var program = RepositoryLayout.ProgramOf("AppHost", flavour: "local");
        Host = await ChildProcess.StartAsync(new ChildProcessStart("dotnet")
        {
            Arguments =
            [
                program, "--no-dashboard", $"--State:Path={_state.Path}", $"--Ports:Gateway={Gateway.Port}",
                $"--Ports:Prometheus={FreePort.Next()}", $"--Ports:Alertmanager={FreePort.Next()}",
                $"--Ports:Models={FreePort.NextRange(ModelServers)}",
            ],
            Environment = environment,
            WorkingDirectory = Path.GetDirectoryName(program) ?? "/",
        });
        await Host.WaitForLineAsync("Starting", _stopDeadline);
    }

    private async Task WaitUntilAsync(
        Func<IReadOnlyList<StackReplica>, bool> condition, string description, TimeSpan deadline)
    {
        using var expiry = new CancellationTokenSource(deadline, TimeProvider.System);
        IReadOnlyList<StackReplica> last = [];
        while (!expiry.IsCancellationRequested)
        {
            try
            {
                last = await _control.ListAsync(expiry.Token);
                if (last.Count > 0 && condition(last))
                {
                    return;
                }
            }
            catch (Exception exception) when (
                exception is SocketException or OperationCanceledException && !Host.HasExited)
            {
                // Its socket comes a moment after its first line.
            }

            await Task.Delay(_pollInterval, TimeProvider.System);
        }

        throw new TimeoutException(
            $"The stack did not {description} within {deadline}:\n{string.Join('\n', last)}\n"
                + $"The host said:\n{Host.Output}");
    }
}
