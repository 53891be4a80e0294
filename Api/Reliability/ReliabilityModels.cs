using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Topology;
using Continuity.Reliability.Living;

namespace Continuity.Api.Reliability;

/// <summary>The model that answers, and whether it lags behind the platform.</summary>
internal sealed class ReliabilityModels(LivingModels models, PlatformSnapshots snapshots)
{
    public async Task<(LivingModel Model, ModelAge Age)> GetAsync(CancellationToken cancellationToken)
    {
        // Before looking at the model: one that is swapped meanwhile is newer than the version, and no lag.
        var (version, away) = await ReadVersionAsync(cancellationToken);
        if (models.Current is not { } current)
        {
            // The first caller may come before the worker's first round.
            current = models.TakeFirst(await snapshots.ReadAsync(cancellationToken), cancellationToken);
        }

        var reason = current switch
        {
            { Failure: { } failure } => $"A newer state could not be compiled: {failure}",
            _ when away is not null => $"Whether the platform has changed is unknown: {away}",
            _ when current.Version == version => null,
            _ => "The platform has changed since; a newer model is on its way.",
        };
        return (current.Model, new ModelAge(reason is not null, reason, current.CompiledAt, current.Version));
    }

    // Without the database the last model still answers, and says that it may be old.
    private async Task<(string? Version, string? Away)> ReadVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await snapshots.ReadVersionAsync(cancellationToken), null);
        }
        catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
        {
            return (null, exception.Message);
        }
    }
}
