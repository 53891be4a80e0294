using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;

namespace Continuity.ControlPlane.Services;

internal sealed class ServiceRow
{
    public required string Name { get; init; }

    public LoadBalancingPolicy Policy { get; set; }

    public TimeSpan FirstByteTimeout { get; set; }

    public TimeSpan StallTimeout { get; set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public Service ToService() => new()
    {
        Name = Name,
        Policy = Policy,
        FirstByteTimeout = FirstByteTimeout,
        StallTimeout = StallTimeout,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}

internal sealed class ReplicaRow
{
    public required string Id { get; init; }

    public required string Service { get; init; }

    public required string Site { get; set; }

    public required string Address { get; set; }

    public string? UpstreamModel { get; set; }

    public EngineKind Engine { get; set; }

    public int Weight { get; set; }

    public ReplicaState State { get; set; }

    public Verdict Verdict { get; set; }

    public string? VerdictReason { get; set; }

    public DateTimeOffset? VerdictAt { get; set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public Replica ToReplica() => new()
    {
        Id = Id,
        Service = Service,
        Site = Site,
        Address = new Uri(Address),
        UpstreamModel = UpstreamModel,
        Engine = Engine,
        Weight = Weight,
        State = State,
        Verdict = Verdict,
        VerdictReason = VerdictReason,
        VerdictAt = VerdictAt,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}

internal sealed class PrefixServiceRow
{
    public required string Name { get; init; }

    public required string Prefix { get; set; }

    public bool StripPrefix { get; set; }

    public string[] Addresses { get; set; } = [];

    public PrefixService ToPrefixService() => new()
    {
        Name = Name,
        Prefix = Prefix,
        StripPrefix = StripPrefix,
        Addresses = [.. Addresses.Select(address => new Uri(address))],
    };
}
