using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;

namespace Continuity.ControlPlane.Messaging;

internal enum ConsumeOutcome
{
    Handled,

    /// <summary>It was handled before: this was a second delivery.</summary>
    Repeated,

    /// <summary>No attempt could handle it.</summary>
    DeadLettered,
}

/// <summary>Remembers what each consumer has handled, in the transaction of the handling.</summary>
internal sealed class Inbox(ControlPlaneDatabase database)
{
    private const int SweepSize = 100;

    public Task<ConsumeOutcome> HandleOnceAsync(
        IMessageHandler handler, CloudEvent message, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
            {
                // Whoever comes second waits here for the first one's commit, and then finds it done.
                if (!await RememberAsync(unit, handler.Consumer, message.Id, token))
                {
                    return ConsumeOutcome.Repeated;
                }

                await handler.HandleAsync(message, unit.Transaction, token);
                return ConsumeOutcome.Handled;
            },
            cancellationToken);

    /// <summary>Settles a message that went to the dead letters, so that it isn't found as forgotten.</summary>
    public Task RememberAsync(string consumer, Guid messageId, CancellationToken cancellationToken) =>
        database.WriteAsync((unit, token) => RememberAsync(unit, consumer, messageId, token), cancellationToken);

    /// <summary>
    /// Messages that were published so long ago that the broker must have lost them on their way here.
    /// </summary>
    public async Task<IReadOnlyList<CloudEvent>> FindForgottenAsync(
        IMessageHandler handler, TimeSpan publishedBefore, CancellationToken cancellationToken)
    {
        var payloads = await database.ReadAsync(
            (unit, token) => unit.ReadAllAsync(
                """
                SELECT payload FROM outbox
                WHERE topic = $1 AND published_at < now() - $2 AND NOT EXISTS (
                    SELECT FROM inbox WHERE consumer = $3 AND message_id = outbox.id)
                ORDER BY sequence LIMIT $4
                """,
                [handler.Topic, publishedBefore, handler.Consumer, SweepSize],
                row => row.GetFieldValue<byte[]>(0),
                token),
            cancellationToken);
        return [.. payloads.Select(payload => CloudEvent.Parse(payload))];
    }

    private static async Task<bool> RememberAsync(
        UnitOfWork unit, string consumer, Guid messageId, CancellationToken cancellationToken) =>
        await unit.ExecuteAsync(
            "INSERT INTO inbox (consumer, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [consumer, messageId],
            cancellationToken) == 1;
}
