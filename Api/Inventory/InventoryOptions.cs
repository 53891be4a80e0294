using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.Contracts.Sites;

namespace Continuity.Api.Inventory;

/// <summary>What configuration declares: applied at every start, on top of what is in the database.</summary>
internal sealed record InventoryOptions
{
    public const string Section = "Inventory";

    public IReadOnlyList<InventorySite> Sites { get; init; } = [];

    public IReadOnlyList<InventoryService> Services { get; init; } = [];

    public IReadOnlyList<InventoryReplica> Replicas { get; init; } = [];
}

internal sealed record InventorySite
{
    public required string Id { get; init; }

    /// <summary>One root; <see cref="StorageRoots"/> takes more.</summary>
    public string? StorageRoot { get; init; }

    public IReadOnlyList<string> StorageRoots { get; init; } = [];

    public IReadOnlyList<FailureDomain>? Domains { get; init; }

    public int Priority { get; init; }

    public int Weight { get; init; } = 100;

    public PutSiteRequest ToRequest(SiteState state) => new()
    {
        State = state,
        Priority = Priority,
        Weight = Weight,
        StorageRoots = StorageRoot is null ? StorageRoots : [StorageRoot, .. StorageRoots],
        Domains = Domains,
    };
}

/// <summary>Every setting of <see cref="ServiceSettings"/>, and the name.</summary>
internal sealed record InventoryService : ServiceSettings
{
    public required string Name { get; init; }
}

internal sealed record InventoryReplica
{
    public required string Id { get; init; }

    public required string Service { get; init; }

    public required string Site { get; init; }

    public required Uri Address { get; init; }

    public EngineKind Engine { get; init; } = EngineKind.OpenAi;

    public string? UpstreamModel { get; init; }

    public int Weight { get; init; } = 100;

    public bool Http2 { get; init; }

    public string? Credential { get; init; }

    public ContinuationSupport Continuation { get; init; }

    public IReadOnlyList<string>? Domains { get; init; }

    public PutReplicaRequest ToRequest(ReplicaState state) => new()
    {
        Site = Site,
        Address = Address,
        Engine = Engine,
        UpstreamModel = UpstreamModel,
        Weight = Weight,
        Http2 = Http2,
        Credential = Credential,
        Continuation = Continuation,
        Domains = Domains,
        State = state,
    };
}
