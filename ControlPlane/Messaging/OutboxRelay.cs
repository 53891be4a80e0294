using Confluent.Kafka;
using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;

namespace Continuity.ControlPlane.Messaging;

/// <summary>What one round of publishing did.</summary>
/// <param name="Published">How many messages the broker confirmed.</param>
/// <param name="Failed">How many it did not confirm; they stay and are tried again.</param>
/// <param name="MayBeMore">Whether it is worth looking again at once.</param>
internal sealed record RelayRound(int Published, int Failed, bool MayBeMore);

/// <summary>
/// Sends what waits in the outbox, oldest first; a row counts as published once the broker has confirmed it.
/// </summary>
/// <remarks>
/// One process at a time does it, by a lock that ends with the transaction, so that the messages of a key stay in
/// order. A
/// crash between the confirmation and the commit sends them twice, which consumers notice by their ids.
/// </remarks>
internal sealed class OutboxRelay(
    ControlPlaneDatabase database, IProducer<string, byte[]> producer, MessagingMetrics metrics)
{
    private const int BatchSize = 200;

    // Any number, the same for all: "outbox" as bytes.
    private const long AdvisoryLock = 0x6F7574626F78;

    // Longer than any other transaction may be idle: it waits for the broker's confirmations.
    private const string AllowForTheBroker = "SET LOCAL idle_in_transaction_session_timeout = '30s'";

    public async Task<RelayRound> PublishAsync(CancellationToken cancellationToken)
    {
        var round = await database.WriteAsync(PublishAsync, cancellationToken);
        metrics.RoundCompleted(round);
        return round;
    }

    /// <summary>Measures how long the oldest unpublished message has been waiting.</summary>
    public async Task MeasureBacklogAsync(CancellationToken cancellationToken) =>
        metrics.BacklogIs(await database.ReadAsync(
            (unit, token) => unit.ReadFirstAsync(
                "SELECT clock_timestamp() - min(created_at) FROM outbox WHERE published_at IS NULL",
                [],
                row => row.IsDBNull(0) ? TimeSpan.Zero : row.GetTimeSpan(0),
                token),
            cancellationToken));

    /// <summary>Deletes what was published, and handled, longer ago than anybody will ask for it.</summary>
    public Task ForgetAsync(TimeSpan retention, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
            {
                await unit.ExecuteAsync("DELETE FROM outbox WHERE published_at < now() - $1", [retention], token);

                // Later than the outbox: a message that can still be handled again must be known as handled.
                await unit.ExecuteAsync("DELETE FROM inbox WHERE handled_at < now() - $1", [2 * retention], token);
            },
            cancellationToken);

    private async Task<RelayRound> PublishAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        await unit.ExecuteAsync(AllowForTheBroker, [], cancellationToken);
        var mine = await unit.ReadFirstAsync(
            "SELECT pg_try_advisory_xact_lock($1)", [AdvisoryLock], row => row.GetBoolean(0), cancellationToken);
        if (!mine)
        {
            return new RelayRound(0, 0, MayBeMore: false);
        }

        var rows = await unit.ReadAllAsync(
            "SELECT sequence, topic, key, payload FROM outbox WHERE published_at IS NULL ORDER BY sequence LIMIT $1",
            [BatchSize],
            row => new Waiting(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3)),
            cancellationToken);
        if (rows.Count == 0)
        {
            return new RelayRound(0, 0, MayBeMore: false);
        }

        var confirmed = await SendAsync(rows);
        await unit.ExecuteAsync(
            "UPDATE outbox SET published_at = clock_timestamp() WHERE sequence = ANY($1)", [confirmed],
                cancellationToken);
        var failed = rows.Count - confirmed.Length;
        return new RelayRound(confirmed.Length, failed, MayBeMore: failed == 0 && rows.Count == BatchSize);
    }

    // All at once, so that they share requests; the producer keeps the order and gives each its deadline.
    private async Task<long[]> SendAsync(List<Waiting> rows)
    {
        var results = await Task.WhenAll(rows.Select(SendAsync));
        var brokenKeys = new HashSet<string>(StringComparer.Ordinal);
        var confirmed = new List<long>(rows.Count);
        foreach (var (row, delivered) in rows.Zip(results))
        {
            // What follows an unconfirmed message of its key is sent again after it.
            if (delivered && !brokenKeys.Contains(row.Key))
            {
                confirmed.Add(row.Sequence);
            }
            else
            {
                brokenKeys.Add(row.Key);
            }
        }

        return [.. confirmed];
    }

    private Task<bool> SendAsync(Waiting row)
    {
        var delivered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new Message<string, byte[]>
        {
            Key = row.Key,
            Value = row.Payload,
            Headers = [new Header("content-type", System.Text.Encoding.UTF8.GetBytes(CloudEvent.ContentType))],
        };
        try
        {
            producer.Produce(
                row.Topic, message, report => delivered.TrySetResult(report.Status == PersistenceStatus.Persisted));
        }
        catch (ProduceException<string, byte[]>)
        {
            // The local queue is full: the broker is away, and the row stays.
            delivered.TrySetResult(false);
        }

        return delivered.Task;
    }

    private sealed record Waiting(long Sequence, string Topic, string Key, byte[] Payload);
}
