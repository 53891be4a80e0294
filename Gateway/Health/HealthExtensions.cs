namespace Continuity.Gateway.Health;

/// <summary>Registers what watches replicas.</summary>
internal static class HealthExtensions
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<Attention>();
        services.AddSingleton<HealthKeeper>();
        services.AddHostedService<CallWatch>();
        services.AddHostedService<HealthProber>();
        services.AddHostedService<LoadScraper>();
        return services;
    }
}
