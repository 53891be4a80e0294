using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Services;

/// <summary>One running inference server of a service.</summary>
public sealed record Replica
{
    /// <summary>Its id, unique among all services ("model-east-1").</summary>
    public required string Id { get; init; }

    /// <summary>The service it serves.</summary>
    public required string Service { get; init; }

    /// <summary>The site it runs at.</summary>
    public required string Site { get; init; }

    /// <summary>Where it listens.</summary>
    public required Uri Address { get; init; }

    /// <summary>The model name it knows, when it differs from the service's.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>What kind of server it is.</summary>
    public required EngineKind Engine { get; init; }

    /// <summary>Its share under weighted policies.</summary>
    public required int Weight { get; init; }

    /// <summary>Whether it is spoken to in HTTP/2 and not in HTTP/1.1.</summary>
    public bool Http2 { get; init; }

    /// <summary>The name of what it asks for that doesn't answer everybody; null for nothing.</summary>
    /// <remarks>Gateways and monitors have the secret by this name in their own settings; nobody else has.</remarks>
    public string? Credential { get; init; }

    /// <summary>How its broken streams can be taken up elsewhere, and others' by it.</summary>
    public ContinuationSupport Continuation { get; init; }

    /// <summary>Adapters (LoRA) it has loaded: each is a further model name.</summary>
    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>The failure domains of its site that it needs.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Where it stands in its life.</summary>
    public required ReplicaState State { get; init; }

    /// <summary>What the monitors think of it.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public string? VerdictReason { get; init; }

    /// <summary>When the verdict changed last (UTC, the database's clock).</summary>
    public DateTimeOffset? VerdictAt { get; init; }

    /// <summary>When it was declared (UTC, the database's clock).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it changed last (UTC, the database's clock).</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
