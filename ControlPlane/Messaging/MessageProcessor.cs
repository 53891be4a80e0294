using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Continuity.ControlPlane.Messaging;

/// <summary>Handles one message to its end: done, done before, or among the dead letters with the reason.</summary>
internal sealed partial class MessageProcessor(
    Inbox inbox, IProducer<string, byte[]> producer, MessagingMetrics metrics, TimeProvider time,
    ILogger<MessageProcessor> logger)
{
    private const int MaxAttempts = 5;
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(5);

    public async Task<ConsumeOutcome> ProcessAsync(
        IMessageHandler handler, Message<string, byte[]> delivery, CancellationToken cancellationToken)
    {
        CloudEvent message;
        try
        {
            message = CloudEvent.Parse(delivery.Value);
        }
        catch (JsonException exception)
        {
            await SendToDeadLettersAsync(handler, delivery, $"Unreadable: {exception.Message}", cancellationToken);
            return Counted(handler, ConsumeOutcome.DeadLettered);
        }

        return await ProcessAsync(handler, message, delivery, cancellationToken);
    }

    /// <summary>Handles what was published longer ago than <paramref name="lostAfter"/> and never came.</summary>
    /// <returns>How many messages were found.</returns>
    public async Task<int> ProcessForgottenAsync(
        IMessageHandler handler, TimeSpan lostAfter, CancellationToken cancellationToken)
    {
        var forgotten = await inbox.FindForgottenAsync(handler, lostAfter, cancellationToken);
        foreach (var message in forgotten)
        {
            var delivery = new Message<string, byte[]> { Key = message.Subject, Value = message.Format() };
            await ProcessAsync(handler, message, delivery, cancellationToken);
        }

        return forgotten.Count;
    }

    private async Task<ConsumeOutcome> ProcessAsync(
        IMessageHandler handler, CloudEvent message, Message<string, byte[]> delivery,
            CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Counted(handler, await inbox.HandleOnceAsync(handler, message, cancellationToken));
            }
            catch (Exception exception) when (IsDatabaseAway(exception))
            {
                // No fault of the message's: it waits for as long as it takes.
                attempt = Math.Min(attempt, MaxAttempts - 1);
                LogRetried(handler.Consumer, message.Id, exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && attempt < MaxAttempts)
            {
                LogRetried(handler.Consumer, message.Id, exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                var reason = $"{exception.GetType().Name} after {attempt} attempts: {exception.Message}";
                await SendToDeadLettersAsync(handler, delivery, reason, cancellationToken);
                await inbox.RememberAsync(handler.Consumer, message.Id, cancellationToken);
                LogDeadLettered(exception, handler.Consumer, message.Id);
                return Counted(handler, ConsumeOutcome.DeadLettered);
            }

            await Task.Delay(Delay(attempt), time, cancellationToken);
        }
    }

    private static bool IsDatabaseAway(Exception exception) =>
        exception is CommitOutcomeUnknownException or TimeoutException
        || exception is NpgsqlException refused && DatabaseErrors.IsTransient(refused);

    private static TimeSpan Delay(int attempt)
    {
        var delay = _firstDelay * Math.Pow(3, attempt - 1);
        return delay < _longestDelay ? delay : _longestDelay;
    }

    private ConsumeOutcome Counted(IMessageHandler handler, ConsumeOutcome outcome)
    {
        metrics.Consumed(handler.Consumer, outcome);
        return outcome;
    }

    // Until the broker has it: a message that can't be handled and can't be put aside must not be passed over.
    private async Task SendToDeadLettersAsync(
        IMessageHandler handler, Message<string, byte[]> delivery, string reason, CancellationToken cancellationToken)
    {
        var letter = new Message<string, byte[]>
        {
            Key = delivery.Key,
            Value = delivery.Value,
            Headers =
            [
                new Header("reason", Encoding.UTF8.GetBytes(reason)),
                new Header("consumer", Encoding.UTF8.GetBytes(handler.Consumer)),
                new Header("topic", Encoding.UTF8.GetBytes(handler.Topic)),
            ],
        };
        while (true)
        {
            try
            {
                await producer.ProduceAsync(Topics.DeadLetters, letter, cancellationToken);
                return;
            }
            catch (KafkaException exception)
            {
                LogNotPutAside(handler.Consumer, exception.Error.Reason);
            }

            await Task.Delay(_longestDelay, time, cancellationToken);
        }
    }

    [LoggerMessage(1210, LogLevel.Warning, "{Consumer} could not handle message {Id} and tries again: {Reason}")]
    private partial void LogRetried(string consumer, Guid id, string reason);

    [LoggerMessage(1211, LogLevel.Error,
        "{Consumer} gave message {Id} up; it is among the dead letters, and what it asked for was not done.")]
    private partial void LogDeadLettered(Exception exception, string consumer, Guid id);

    [LoggerMessage(1212, LogLevel.Warning, "{Consumer} could not put a message aside and tries again: {Reason}")]
    private partial void LogNotPutAside(string consumer, string reason);
}
