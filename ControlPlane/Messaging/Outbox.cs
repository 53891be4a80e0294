using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;

namespace Continuity.ControlPlane.Messaging;

/// <summary>
/// Messages are written beside the change that they tell of, in its transaction; the publisher sends them later.
/// </summary>
/// <remarks>
/// The order of a key's messages is the order of their rows. Writers keep it by locking the aggregate's row before they
/// add its message, as every UPDATE does.
/// </remarks>
internal sealed class Outbox(TimeProvider time)
{
    private const string Source = "/continuity/control-plane";

    public Task AddAsync<T>(UnitOfWork unit, OutboxMessage<T> message, CancellationToken cancellationToken)
    {
        var envelope = new CloudEvent
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Source = Source,
            Type = message.Type,
            Subject = message.Key,
            Time = time.GetUtcNow(),
            TraceParent = Activity.Current?.Id,
            Data = JsonSerializer.SerializeToElement(message.Data, message.Shape),
        };
        return unit.ExecuteAsync(
            "INSERT INTO outbox (id, topic, key, payload) VALUES ($1, $2, $3, $4)",
            [envelope.Id, message.Topic, message.Key, envelope.Format()],
            cancellationToken);
    }
}

// The key is the aggregate's id: messages of one key keep their order.
internal sealed record OutboxMessage<T>(string Topic, string Key, string Type, T Data, JsonTypeInfo<T> Shape);
