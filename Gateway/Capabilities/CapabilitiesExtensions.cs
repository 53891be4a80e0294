namespace Continuity.Gateway.Capabilities;

/// <summary>Registers what finds out what replicas can do.</summary>
internal static class CapabilitiesExtensions
{
    public static IServiceCollection AddCapabilities(this IServiceCollection services)
    {
        services.AddSingleton<ContinuationProbe>();
        services.AddHostedService<CapabilityProber>();
        return services;
    }
}
