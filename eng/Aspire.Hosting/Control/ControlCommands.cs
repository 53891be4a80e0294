using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Control;

/// <summary>What a client may ask of a running stack.</summary>
internal sealed class ControlCommands(Stack stack, HostLife life)
{
    private const string Row = "{0,-14} {1,-24} {2,-13} {3,-10} {4,8}  {5}";

    public async Task RunAsync(ControlRequest request, Func<string, Task> write, CancellationToken cancellationToken)
    {
        switch (request.Verb, request.Operands)
        {
            case ("ps", []):
                await ListAsync(request.Json, write);
                break;
            case ("logs", [var name]):
                await LogsAsync(name, request.Follow, write, cancellationToken);
                break;
            case ("stop", []):
                await life.StopAsync();
                break;
            case ("stop", [var name]):
                await stack.Find(name).StopAsync();
                break;
            case ("start", [var name]):
                await stack.Find(name).StartAsync(cancellationToken);
                CheckStarted(name);
                break;
            case ("restart", [var name]):
                await stack.Find(name).StopAsync();
                await stack.Find(name).StartAsync(cancellationToken);
                CheckStarted(name);
                break;
            case ("scale", [var name, var replicas]):
                var number = int.Parse(replicas, NumberStyles.None, CultureInfo.InvariantCulture);
                await stack.Find(name).ScaleAsync(number, cancellationToken);
                CheckStarted(name);
                break;
            default:
                throw new DistributedApplicationException($"The stack does not know the command '{request.Verb}'.");
        }
    }

    private static ReplicaReport Report(InstanceSnapshot snapshot) =>
        new(snapshot.Id, snapshot.Resource.Name, snapshot.Kind, snapshot.State)
        {
            Health = snapshot.Health?.ToString(),
            Reason = snapshot.HealthReason ?? snapshot.Reason,
            ProcessId = snapshot.ProcessId,
            ExitCode = snapshot.ExitCode,
            StartedAt = snapshot.StartedAt,
            Endpoints = snapshot.Addresses.ToDictionary(
                address => address.Name, address => $"{address.Scheme}://localhost:{address.Port}"),
            OwnEndpoints = snapshot.Addresses.ToDictionary(
                address => address.Name, address => $"{address.Scheme}://127.0.0.1:{address.TargetPort}"),
        };

    private async Task ListAsync(bool json, Func<string, Task> write)
    {
        IReadOnlyList<ReplicaReport> reports = [.. stack.Context.Board.Current.Select(Report)];
        if (json)
        {
            await write(JsonSerializer.Serialize(reports, ControlJson.Default.IReadOnlyListReplicaReport));
            return;
        }

        await write(Text(Row, "RESOURCE", "REPLICA", "STATE", "HEALTH", "PROCESS", "ADDRESSES"));
        foreach (var report in reports)
        {
            var state = report.ExitCode is null ? report.State : $"{report.State} ({report.ExitCode})";
            var addresses = string.Join(' ', report.Endpoints.Select(endpoint => $"{endpoint.Key}={endpoint.Value}"));
            await write(Text(
                Row,
                report.Resource,
                report.Id,
                state,
                report.Health ?? "-",
                report.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "-",
                addresses));
        }
    }

    private async Task LogsAsync(
        string name, bool follow, Func<string, Task> write, CancellationToken cancellationToken)
    {
        var resource = stack.Find(name).Resource;
        await foreach (var line in stack.Context.LogOf(resource.Name).ReadAsync(follow, cancellationToken))
        {
            await write(line.ToString());
        }
    }

    private void CheckStarted(string name)
    {
        var failed = stack.Context.Board.Of(name)
            .FirstOrDefault(snapshot => snapshot.State == KnownResourceStates.FailedToStart);
        if (failed is not null)
        {
            throw new DistributedApplicationException($"'{name}' failed to start: {failed.Reason}");
        }
    }

    private static string Text(string format, params object[] values) =>
        string.Format(CultureInfo.InvariantCulture, format, values).TrimEnd();
}
