using Continuity.Api.Inventory;
using Continuity.ControlPlane;
using Continuity.Reliability.Living;

namespace Continuity.Api.Reliability;

internal static class ReliabilityExtensions
{
    private const string Section = "Reliability";

    /// <summary>Adds the living model; its numbers come from configuration, checked now.</summary>
    public static void AddReliability(this WebApplicationBuilder builder)
    {
        var assumptions = ConfigurationJson.Read<PlatformAssumptions>(builder.Configuration.GetSection(Section));
        try
        {
            LivingModel.Compile(new PlatformTopology(), assumptions, CancellationToken.None);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new InvalidOperationException(
                $"Configuration section {Section} cannot be used: {exception.Message}", exception);
        }

        builder.Services.AddPlatformSnapshots();
        builder.Services.AddSingleton(assumptions);
        builder.Services.AddSingleton<LivingModels>();
        builder.Services.AddSingleton<ReliabilityModels>();
        builder.Services.AddSingleton<ReliabilityMetrics>();
        builder.Services.AddHostedService<LivingModelWorker>();
    }
}
