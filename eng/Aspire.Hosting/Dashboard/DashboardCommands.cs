using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Protocol;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Dashboard;

/// <summary>What the dashboard may ask of a resource: start, stop, restart.</summary>
internal static class DashboardCommands
{
    private const string Start = "start";
    private const string Stop = "stop";
    private const string Restart = "restart";

    public static IEnumerable<ResourceCommand> Of(InstanceSnapshot snapshot)
    {
        if (snapshot.Launch is null && !snapshot.IsTerminal)
        {
            yield break;
        }

        var isRunning = snapshot.State == KnownResourceStates.Running;
        yield return Command(Start, "Start", "Play", snapshot.IsTerminal);
        yield return Command(Stop, "Stop", "Stop", isRunning);
        yield return Command(Restart, "Restart", "ArrowCounterclockwise", isRunning);
    }

    public static async Task<ResourceCommandResponse> RunAsync(
        Stack stack, string command, string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            var instance = stack.Context.Board.Current.FirstOrDefault(snapshot => snapshot.Id == instanceId)
                ?? throw new DistributedApplicationException($"There is no replica '{instanceId}'.");
            var supervisor = stack.Find(instance.Resource.Name);
            if (command is Stop or Restart)
            {
                await supervisor.StopAsync();
            }

            if (command is Start or Restart)
            {
                await supervisor.StartAsync(cancellationToken);
            }

            return command is Start or Stop or Restart
                ? new ResourceCommandResponse { Kind = ResourceCommandResponseKind.Succeeded }
                : throw new DistributedApplicationException($"There is no command '{command}'.");
        }
        catch (DistributedApplicationException exception)
        {
            return new ResourceCommandResponse
            {
                Kind = ResourceCommandResponseKind.Failed,
                Message = exception.Message,
            };
        }
    }

    private static ResourceCommand Command(string name, string displayName, string icon, bool isShown) => new()
    {
        Name = name,
        DisplayName = displayName,
        IconName = icon,
        IsHighlighted = true,
        State = isShown ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
    };
}
