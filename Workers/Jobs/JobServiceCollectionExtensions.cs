using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Messaging;
using Continuity.ServiceDefaults.Kafka;
using Continuity.Workers.Backup;
using Continuity.Workers.Sync;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Jobs;

/// <summary>Registers the roles that work on jobs.</summary>
internal static class JobServiceCollectionExtensions
{
    public static void AddJobs(this IHostApplicationBuilder builder)
    {
        var kinds = KindsOf(builder.Configuration.ReadWorkerOptions());
        if (kinds.Count == 0)
        {
            return;
        }

        builder.AddKafkaConsumer();
        builder.AddKafkaProducer();
        builder.Services.AddSync();
        builder.Services.AddBackup();
        builder.Services.AddSingleton(new JobKinds(kinds));
        builder.Services.AddSingleton<WakeUp>();
        builder.Services.AddSingleton<SiteFolders>();
        builder.Services.AddSingleton<JobExecutor>();
        builder.Services.AddSingleton<JobMetrics>();
        builder.Services.AddSingleton<JobRunner>();
        builder.Services.AddSingleton<JobReporter>();
        builder.Services.AddSingleton<JobEnding>();
        builder.Services.AddSingleton<JobLeases>();
        builder.Services.AddSingleton<JobClaimFactory>();
        builder.Services.AddHostedService<JobWorker>();
        builder.Services.AddMessageHandler<CommandHandler>();
    }

    private static void AddSync(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>();
        services.AddOptions<SyncOptions>().BindConfiguration(SyncOptions.Section).ValidateOnStart();
        services.AddSingleton<SyncMetrics>();
        services.AddSingleton<Replicator>();
    }

    private static void AddBackup(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptionsValidator>();
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateOnStart();
        services.AddSingleton<BackupMetrics>();
        services.AddSingleton<FolderBackup>();
        services.AddSingleton<FolderRestore>();
    }

    private static List<JobKind> KindsOf(WorkerOptions options)
    {
        var kinds = new List<JobKind>();
        if (options.Has(WorkerRole.Sync))
        {
            kinds.Add(JobKind.Sync);
        }

        if (options.Has(WorkerRole.Backup))
        {
            kinds.Add(JobKind.Backup);
            kinds.Add(JobKind.Restore);
        }

        return kinds;
    }
}

/// <summary>The kinds of jobs that this process does.</summary>
internal sealed record JobKinds(IReadOnlyCollection<JobKind> Values);
