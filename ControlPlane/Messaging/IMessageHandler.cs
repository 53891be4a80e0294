using Continuity.Contracts.Messages;
using Npgsql;

namespace Continuity.ControlPlane.Messaging;

/// <summary>Handles the messages of a topic, each once.</summary>
public interface IMessageHandler
{
    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>The consumer's name: its group at the broker, and whose inbox remembers what was handled.</summary>
    string Consumer { get; }

    /// <summary>
    /// Handles one message. What it writes with the transaction is stored together with the fact that the message was
    /// handled, or not at all; anything else it does may be done again.
    /// </summary>
    Task HandleAsync(CloudEvent message, NpgsqlTransaction transaction, CancellationToken cancellationToken);
}
