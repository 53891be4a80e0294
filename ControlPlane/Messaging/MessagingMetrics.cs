using System.Diagnostics.Metrics;

namespace Continuity.ControlPlane.Messaging;

internal sealed class MessagingMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _publishFailures;
    private readonly Counter<long> _handled;
    private double _backlogSeconds;

    public MessagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Continuity.Messaging");
        _published = meter.CreateCounter<long>(
            "continuity.outbox.published", "{message}", "Messages that the broker has confirmed.");
        _publishFailures = meter.CreateCounter<long>(
            "continuity.outbox.publish_failures", "{message}", "Messages not confirmed; each is tried again.");
        _handled = meter.CreateCounter<long>(
            "continuity.consumer.messages", "{message}", "Messages consumed, by what became of them.");
        meter.CreateObservableGauge(
            "continuity.outbox.backlog.age", () => Volatile.Read(ref _backlogSeconds), "s",
            "How long the oldest message has been waiting to be published.");
    }

    public void BacklogIs(TimeSpan age) => Volatile.Write(ref _backlogSeconds, age.TotalSeconds);

    public void RoundCompleted(RelayRound round)
    {
        _published.Add(round.Published);
        _publishFailures.Add(round.Failed);
    }

    public void Consumed(string consumer, ConsumeOutcome outcome) => _handled.Add(
        1,
        new KeyValuePair<string, object?>("consumer", consumer),
        new KeyValuePair<string, object?>("outcome", outcome switch
        {
            ConsumeOutcome.Handled => "handled",
            ConsumeOutcome.Repeated => "repeated",
            _ => "dead-letter",
        }));
}
