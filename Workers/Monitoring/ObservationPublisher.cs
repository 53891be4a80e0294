using System.Text.Json;
using Confluent.Kafka;
using Continuity.Contracts.Messages;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Monitoring;

/// <summary>
/// Tells other monitors what this one sees. Nobody waits for it: while the broker is away its queue fills, and what
/// finds no room or is not taken in time is dropped and counted.
/// </summary>
internal sealed class ObservationPublisher(
    IProducer<string, byte[]> producer,
    WorkerName name,
    IOptions<WorkerOptions> options,
    MonitoringMetrics metrics,
    TimeProvider time)
{
    public void Publish(string replica, VantageVerdict verdict, TimeSpan duration)
    {
        var observation = new ObservationMessage
        {
            Target = replica,
            Vantage = options.Value.Site,
            Observer = name.Value,
            Verdict = verdict.Verdict,
            Reason = verdict.Reason,
            DurationSeconds = duration.TotalSeconds,
        };
        var message = new CloudEvent
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Source = $"/continuity/workers/{name.Value}",
            Type = MessageTypes.ReplicaObserved,
            Subject = replica,
            Time = time.GetUtcNow(),
            Data = JsonSerializer.SerializeToElement(observation, MessageJson.Default.ObservationMessage),
        };
        try
        {
            producer.Produce(
                Topics.Observations,
                new Message<string, byte[]> { Key = replica, Value = message.Format() },
                report => Count(report.Error));
        }
        catch (ProduceException<string, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            metrics.Dropped();
        }
    }

    private void Count(Error error)
    {
        if (error.IsError)
        {
            metrics.Dropped();
        }
    }
}
