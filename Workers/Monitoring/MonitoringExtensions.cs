using Continuity.ServiceDefaults.Credentials;
using Continuity.ServiceDefaults.Kafka;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Monitoring;

/// <summary>Registers the monitor role.</summary>
internal static class MonitoringExtensions
{
    // A few seconds of observations of some hundred replicas; older ones are of no use to anybody.
    private const int MaxQueuedObservations = 10_000;

    public static void AddMonitoring(this IHostApplicationBuilder builder)
    {
        if (!builder.Configuration.ReadWorkerOptions().Has(WorkerRole.Monitor))
        {
            return;
        }

        builder.AddKafkaConsumer();
        builder.AddKafkaProducer(configure: settings =>
        {
            settings.QueueBufferingMaxMessages = MaxQueuedObservations;
            settings.Acks = Confluent.Kafka.Acks.Leader;
        });
        builder.Services.AddSingleton<IValidateOptions<MonitoringOptions>, MonitoringOptionsValidator>();
        builder.Services.AddOptions<MonitoringOptions>().BindConfiguration(MonitoringOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<MonitoringMetrics>();
        builder.AddReplicaCredentials();
        builder.Services.AddSingleton<ReplicaProbe>();
        builder.Services.AddSingleton<ObservationPublisher>();
        builder.Services.AddSingleton<OtherVantages>();
        builder.Services.AddSingleton<Watchlist>();
        builder.Services.AddSingleton<VerdictWriter>();
        builder.Services.AddSingleton<DeciderLease>();
        builder.Services.AddSingleton<Decider>();
        builder.Services.AddHostedService<MonitorWorker>();
        builder.Services.AddHostedService<ObservationListener>();
    }
}
