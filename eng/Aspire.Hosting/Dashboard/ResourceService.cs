using Aspire.Hosting.Dashboard.Protocol;
using Aspire.Hosting.Running;
using Grpc.Core;

namespace Aspire.Hosting.Dashboard;

/// <summary>Answers the dashboard: which resources there are, how they are, what they print.</summary>
internal sealed class ResourceService(Stack stack) : DashboardService.DashboardServiceBase
{
    private const string ApplicationName = "Continuity";
    private static readonly string[] ResourceTypes = ["Project", "Container", "Executable"];

    public override Task<ApplicationInformationResponse> GetApplicationInformation(
        ApplicationInformationRequest request, ServerCallContext context) =>
        Task.FromResult(new ApplicationInformationResponse { ApplicationName = ApplicationName });

    public override async Task WatchResources(
        WatchResourcesRequest request,
        IServerStreamWriter<WatchResourcesUpdate> responseStream,
        ServerCallContext context)
    {
        var initial = new InitialResourceData();
        initial.Resources.AddRange(stack.Context.Board.Current.Where(IsShown).Select(ResourceMessages.From));
        initial.ResourceTypes.AddRange(ResourceTypes.Select(type => new ResourceType { UniqueName = type }));
        await responseStream.WriteAsync(new WatchResourcesUpdate { InitialData = initial }, context.CancellationToken);

        // The board begins with all current states once more: what changed since the answer above is not lost.
        await UntilCancelledAsync(async cancellationToken =>
        {
            await foreach (var change in stack.Context.Board.FollowAsync(cancellationToken))
            {
                if (IsShown(change.Snapshot))
                {
                    await responseStream.WriteAsync(Update(change), cancellationToken);
                }
            }
        }, context);
    }

    public override Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request,
        IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream,
        ServerCallContext context)
    {
        var snapshot = stack.Context.Board.Current.FirstOrDefault(own => own.Id == request.ResourceName)
            ?? throw new RpcException(
                new Status(StatusCode.NotFound, $"There is no replica '{request.ResourceName}'."));
        var log = stack.Context.LogOf(snapshot.Resource.Name);
        return UntilCancelledAsync(async cancellationToken =>
        {
            await foreach (var line in log.ReadAsync(!request.SuppressFollow, cancellationToken))
            {
                if (line.Source == snapshot.Id || line.Source == Logs.ResourceLog.HostSource)
                {
                    await responseStream.WriteAsync(Update(line), cancellationToken);
                }
            }
        }, context);
    }

    public override Task<ResourceCommandResponse> ExecuteResourceCommand(
        ResourceCommandRequest request, ServerCallContext context) =>
        DashboardCommands.RunAsync(stack, request.CommandName, request.ResourceName, context.CancellationToken);

    // The dashboard keeps this call open for questions to its user; this host has none.
    public override Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context) =>
        UntilCancelledAsync(async cancellationToken =>
        {
            while (await requestStream.MoveNext(cancellationToken))
            {
            }
        }, context);

    private static bool IsShown(InstanceSnapshot snapshot) => snapshot.Resource.Name != DashboardResource.Name;

    private static WatchResourcesUpdate Update(BoardChange change)
    {
        var message = new WatchResourcesChange();
        if (change.IsRemoved)
        {
            message.Delete = new ResourceDeletion
            {
                ResourceName = change.Snapshot.Id,
                ResourceType = change.Snapshot.Kind,
            };
        }
        else
        {
            message.Upsert = ResourceMessages.From(change.Snapshot);
        }

        return new WatchResourcesUpdate { Changes = new WatchResourcesChanges { Value = { message } } };
    }

    private static WatchResourceConsoleLogsUpdate Update(Logs.LogLine line) => new()
    {
        LogLines =
        {
            new ConsoleLogLine
            {
                LineNumber = line.Number,
                IsStdErr = line.IsError,
                Text = $"{line.At:yyyy-MM-ddTHH:mm:ss.fffffffZ} {line.Text}",
            },
        },
    };

    private static async Task UntilCancelledAsync(Func<CancellationToken, Task> watch, ServerCallContext context)
    {
        try
        {
            await watch(context.CancellationToken);
        }
        catch (Exception exception) when (
            context.CancellationToken.IsCancellationRequested
            && exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The dashboard closed the call: there is nobody left to tell.
        }
    }
}
