using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Building;
using Aspire.Hosting.Control;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Infrastructure;

namespace Aspire.Hosting.Running;

/// <summary>Runs the application as local processes, from the lock on the state folder to the last one's end.</summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private static readonly TimeSpan HealthyLimit = TimeSpan.FromMinutes(3);

    private readonly DistributedApplicationBuilder _builder;
    private readonly AppHostBuildOutput _output;
    private readonly StateBoard _board;
    private readonly HostLife _life = new();

    public LocalHost(DistributedApplicationBuilder builder, AppHostBuildOutput output, StateBoard board)
    {
        _builder = builder;
        _output = output;
        _board = board;
    }

    private StateFolder State => _builder.State;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.Register(_life.Request);
        State.Create();
        await using var folderLock = StateLock.Take(State);
        RunMark.EndLeftovers(State.Path);
        if (_builder.Command.Fresh)
        {
            State.Empty();
            new PostgresFiles(State).DeleteOutsideFolder();
            State.Create();
        }

        var images = new KnownImages(_output, State, TimeProvider.System);
        await new Provisioning(images, Console.Out)
            .EnsureAsync(_builder.Resources.OfType<ContainerResource>(), _life.Stopping);

        var mark = new RunMark(State.Path);
        using var spawner = new ProcessSpawner();
        using var guard = ProcessGuard.Start(spawner, mark.Entry);
        var processes = new ProcessHost(spawner, guard, mark, TimeProvider.System);
        var dashboard = await AddDashboardAsync();
        var planner = new LaunchPlanner(_output, images, dashboard?.Telemetry);
        await using var stack = new Stack(new StackContext(processes, State, planner, images, _board));
        stack.Declare(_builder.Resources, _builder.Configuration);
        await using var service = dashboard is null ? null : await dashboard.ServeAsync(stack, _life.Stopping);
        return await RunStackAsync(stack);
    }

    private async Task<DashboardResource?> AddDashboardAsync() =>
        !_builder.Command.NoDashboard
            && await new DashboardBundle(Console.Out).EnsureAsync(_life.Stopping) is { } program
            ? DashboardResource.Add(_builder, program)
            : null;

    public ValueTask DisposeAsync()
    {
        _life.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<int> RunStackAsync(Stack stack)
    {
        await using var control = new ControlServer(State, new ControlCommands(stack, _life));
        var announcements = new Announcements(_builder, stack);
        announcements.Starting();
        var reporting = announcements.ReportFailuresAsync(_life.Stopping);
        stack.BringUp();
        var exitCode = 0;
        try
        {
            var problem = await stack.WaitUntilHealthyAsync(HealthyLimit, _life.Stopping);
            await announcements.OutcomeAsync(problem, _life.Stopping);
            if (_builder.Command.ReadyFile is { } readyFile)
            {
                // Nobody watches a host in the background: either all is well, or nothing of it stays.
                exitCode = problem is null ? 0 : 1;
                await TellOrStopAsync(readyFile, exitCode);
            }

            await _life.StopRequested;
        }
        catch (OperationCanceledException)
        {
            // Stopped while it was still coming up.
        }

        Announcements.Ending();
        await stack.StopAsync();
        await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await control.CloseAsync();
        _life.Stopped();
        return exitCode;
    }

    private async Task TellOrStopAsync(string readyFile, int exitCode)
    {
        if (exitCode == 0)
        {
            await File.WriteAllTextAsync(readyFile, "", _life.Stopping);
        }
        else
        {
            _life.Request();
        }
    }
}
