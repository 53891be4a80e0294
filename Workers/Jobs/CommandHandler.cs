using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Messaging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Continuity.Workers.Jobs;

/// <summary>
/// Hears of new jobs without asking for them. A command is only a hint: the job's row is the truth, so one that comes
/// late or not at all costs at most the time to the next look at the table.
/// </summary>
internal sealed class CommandHandler(WakeUp signal, IOptions<WorkerOptions> options) : IMessageHandler
{
    public string Topic => Topics.Commands;

    /// <value>Workers of the same roles share the commands.</value>
    public string Consumer { get; } = $"continuity.{string.Join(
        '-', options.Value.Roles.Distinct().Order().Select(role => role.ToString().ToLowerInvariant()))}";

    public Task HandleAsync(CloudEvent message, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        signal.Raise();
        return Task.CompletedTask;
    }
}
