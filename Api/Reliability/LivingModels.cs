using System.Text.Json;
using Continuity.ControlPlane.Topology;
using Continuity.Reliability.Living;

namespace Continuity.Api.Reliability;

/// <summary>The newest model of the platform, swapped whole.</summary>
internal sealed class LivingModels(PlatformAssumptions assumptions, TimeProvider time)
{
    private CompiledPlatform? _current;

    /// <summary>Null until the first one is there.</summary>
    public CompiledPlatform? Current => Volatile.Read(ref _current);

    /// <summary>Takes a newer state of the platform. One caller does that, state after state.</summary>
    public void Take(PlatformSnapshot snapshot, CancellationToken cancellationToken) =>
        Volatile.Write(ref _current, Compile(snapshot, cancellationToken));

    /// <summary>Takes a state if there is no model yet, which may have come meanwhile and is newer then.</summary>
    public CompiledPlatform TakeFirst(PlatformSnapshot snapshot, CancellationToken cancellationToken)
    {
        var first = Compile(snapshot, cancellationToken);
        return Interlocked.CompareExchange(ref _current, first, null) ?? first;
    }

    /// <summary>Says why the newest state has no model; the last one stays in use.</summary>
    public void MarkFailed(string reason)
    {
        if (Current is { } known)
        {
            Volatile.Write(ref _current, known with { Failure = reason });
        }
    }

    // Nothing is compiled again when nothing in it matters to reliability.
    private CompiledPlatform Compile(PlatformSnapshot snapshot, CancellationToken cancellationToken)
    {
        var topology = PlatformTopologies.From(snapshot);
        var content = JsonSerializer.Serialize(
            new { Topology = topology with { Version = "" }, snapshot.Faults }, JsonSerializerOptions.Web);
        if (Current is { } known && known.Content == content)
        {
            return known with { Version = snapshot.Version, Failure = null };
        }

        var model = LivingModel.Compile(
            topology, assumptions.After(PlatformEvidence.From(snapshot)), cancellationToken);
        return new CompiledPlatform(model, snapshot.Version, time.GetUtcNow(), content);
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
