using System.ComponentModel;
using System.Diagnostics;
using Aspire.Hosting.Infrastructure;
using Aspire.Hosting.Logs;

namespace Aspire.Hosting.Running;

/// <summary>One child in a process group (and session) of its own, with its output going to a log.</summary>
internal sealed class ManagedProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan GroupPoll = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly LaunchSpec _spec;
    private readonly ProcessHost _host;
    private readonly Task _output;

    private ManagedProcess(Process process, LaunchSpec spec, ProcessHost host, SourceLog log)
    {
        _process = process;
        _spec = spec;
        _host = host;
        Id = process.Id;
        _output = Task.WhenAll(
            PumpAsync(process.StandardOutput, log, isError: false),
            PumpAsync(process.StandardError, log, isError: true));
        Exited = WaitAsync();
    }

    public int Id { get; }

    /// <value>Completes with the exit code; 128 + signal when a signal ended it.</value>
    public Task<int> Exited { get; }

    /// <exception cref="DistributedApplicationException">The program cannot be started.</exception>
    public static ManagedProcess Start(ProcessHost host, LaunchSpec spec, SourceLog log)
    {
        var program = ExecutablePath.Find(spec.FileName, spec.WorkingDirectory)
            ?? throw new DistributedApplicationException($"The program {spec.FileName} is not on this machine.");
        // setsid execs, so that the child's id is its group's id; it forks only for a group leader, which a child is
        // not.
        var start = new ProcessStartInfo("setsid", [program, .. spec.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory,
        };
        FillEnvironment(start.Environment, spec, host.Mark);
        try
        {
            var process = host.Spawner.Start(start);
            process.StandardInput.Close();
            host.Guard.Watch(process.Id, spec.StopSignal);
            return new ManagedProcess(process, spec, host, log);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new DistributedApplicationException(
                $"{spec.FileName} cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>Asks, waits six seconds, and kills the whole tree.</summary>
    public async Task StopAsync()
    {
        if (Exited.IsCompleted && !IsGroupAlive())
        {
            return;
        }

        var descendants = ProcessTree.Descendants(Id);
        // Only the root is asked: it knows in which order its own children end.
        Native.Kill(Id, _spec.StopSignal == StopSignal.Interrupt ? Native.SigInt : Native.SigTerm);
        using var deadline = new CancellationTokenSource(Patience, _host.Time);
        try
        {
            await Exited.WaitAsync(deadline.Token);
            // Whatever the root left behind is asked in its turn.
            SignalRest(descendants, Native.SigTerm);
            while (IsGroupAlive() || descendants.Any(ProcessTree.IsAlive))
            {
                await Task.Delay(GroupPoll, _host.Time, deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The patience is over; what is left is killed below.
        }

        SignalRest(descendants, Native.SigKill);
        await Exited;
    }

    public void Dispose() => _process.Dispose();

    private static void FillEnvironment(IDictionary<string, string?> environment, LaunchSpec spec, RunMark mark)
    {
        if (!spec.InheritsEnvironment)
        {
            environment.Clear();
        }

        foreach (var own in (string[])
            ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"])
        {
            environment.Remove(own);
        }

        foreach (var (name, value) in spec.Environment)
        {
            environment[name] = value;
        }

        environment[RunMark.Variable] = mark.Value;
    }

    private static async Task PumpAsync(StreamReader reader, SourceLog log, bool isError)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            log.Write(line, isError);
        }
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        // What the process wrote last belongs into the log before its end is announced, but a grandchild may hold
        // the pipe open for as long as it likes.
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), _host.Time);
        await _output.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var code = _process.ExitCode;
        if (!IsGroupAlive())
        {
            _host.Guard.Forget(Id);
        }

        return code;
    }

    private void SignalRest(IReadOnlyList<ProcessIdentity> descendants, int signal)
    {
        Native.Kill(-Id, signal);
        foreach (var descendant in descendants.Where(ProcessTree.IsAlive))
        {
            Native.Kill(descendant.Id, signal);
        }
    }

    private bool IsGroupAlive() => ProcessTree.IsGroupAlive(Id);
}

/// <summary>What every process needs from its host.</summary>
internal sealed record ProcessHost(ProcessSpawner Spawner, ProcessGuard Guard, RunMark Mark, TimeProvider Time);
