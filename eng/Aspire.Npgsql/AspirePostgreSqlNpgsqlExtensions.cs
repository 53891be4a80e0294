using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

// The real package's namespace, so that nothing else changes when it takes this one's place.
namespace Microsoft.Extensions.Hosting;

/// <summary>Stands in for Aspire.Npgsql on feeds that lack it: the same signatures for the subset in use.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string DefaultSection = "Aspire:Npgsql";

    /// <summary>Registers an <see cref="NpgsqlDataSource"/> with a health check, tracing and metrics.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="connectionName">The name below <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration was read.</param>
    /// <param name="configureDataSourceBuilder">Changes the data source before it's built.</param>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new NpgsqlSettings();
        builder.Configuration.GetSection(DefaultSection).Bind(settings);
        builder.Configuration.GetSection($"{DefaultSection}:{connectionName}").Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName)
            ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddNpgsqlDataSource(
            settings.ConnectionString ?? "",
            dataSource =>
            {
                if (string.IsNullOrEmpty(settings.ConnectionString))
                {
                    throw new InvalidOperationException(
                        $"ConnectionStrings:{connectionName} is missing. Set it, for example by the "
                        + $"environment variable ConnectionStrings__{connectionName}.");
                }

                configureDataSourceBuilder?.Invoke(dataSource);
            });
        AddDiagnostics(builder, settings);
    }

    private static void AddDiagnostics(IHostApplicationBuilder builder, NpgsqlSettings settings)
    {
        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                "PostgreSql",
                services => new NpgsqlHealthCheck(services.GetRequiredService<NpgsqlDataSource>()),
                failureStatus: default,
                tags: default));
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
        }
    }
}
