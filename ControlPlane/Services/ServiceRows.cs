using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;

namespace Continuity.ControlPlane.Services;

internal sealed class ServiceRow
{
    public required string Name { get; init; }

    /// <summary>A <see cref="ServiceSettings"/> as JSON: what older rows lack has its default.</summary>
    public required string Settings { get; set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static string FormatSettings(ServiceSettings settings) =>
        JsonSerializer.Serialize(settings, JsonSerializerOptions.Web);

    public static ServiceSettings ParseSettings(string json) =>
        JsonSerializer.Deserialize<ServiceSettings>(json, JsonSerializerOptions.Web) ?? new ServiceSettings();

    public Service ToService() =>
        new(ParseSettings(Settings)) { Name = Name, CreatedAt = CreatedAt, UpdatedAt = UpdatedAt };
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

    public bool Http2 { get; set; }

    /// <summary>A name; the secret is never here.</summary>
    public string? Credential { get; set; }

    public ContinuationSupport Continuation { get; set; }

    public string[] Adapters { get; set; } = [];

    /// <summary>Failure domains of its site.</summary>
    public string[] Domains { get; set; } = [];

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
        Http2 = Http2,
        Credential = Credential,
        Continuation = Continuation,
        Adapters = Adapters,
        Domains = Domains,
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
