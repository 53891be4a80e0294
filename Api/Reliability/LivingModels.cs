using System.Text.Json;
using Continuity.ControlPlane.Topology;
using Continuity.Reliability.Living;

namespace Continuity.Api.Reliability;

/// <summary>The newest model of the platform, swapped whole.</summary>
internal sealed class LivingModels(PlatformAssumptions assumptions, TimeProvider time)
{
    private volatile CompiledPlatform? _current;

    /// <summary>Null until the first one is there.</summary>
    public CompiledPlatform? Current => _current;

    /// <summary>Takes a state of the platform: compiles it, unless nothing in it matters to reliability.</summary>
    public CompiledPlatform Take(PlatformSnapshot snapshot, CancellationToken cancellationToken)
    {
        var topology = PlatformTopologies.From(snapshot);
        var content = JsonSerializer.Serialize(
            new { Topology = topology with { Version = "" }, snapshot.Faults }, JsonSerializerOptions.Web);
        if (_current is { } known && known.Content == content)
        {
            return _current = known with { Version = snapshot.Version, Failure = null };
        }

        var model = LivingModel.Compile(
            topology, assumptions.After(PlatformEvidence.From(snapshot)), cancellationToken);
        return _current = new CompiledPlatform(model, snapshot.Version, time.GetUtcNow(), content);
    }

    /// <summary>Says why the newest state has no model; the last one stays in use.</summary>
    public void MarkFailed(string reason)
    {
        if (_current is { } known)
        {
            _current = known with { Failure = reason };
        }
    }
}

/// <summary>A model with what it was compiled from.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The newest state of the platform that it is right for.</param>
/// <param name="CompiledAt">UTC, this process's clock.</param>
/// <param name="Content">Its topology and faults as text, to compare with.</param>
internal sealed record CompiledPlatform(
    LivingModel Model, string Version, DateTimeOffset CompiledAt, string Content)
{
    /// <summary>Why a newer state could not be compiled.</summary>
    public string? Failure { get; init; }
}
