namespace Continuity.Contracts.Routing;

/// <summary>One running inference server.</summary>
public sealed record ReplicaRoute
{
    /// <summary>Its id, unique in the snapshot ("model-east-1").</summary>
    public required string Id { get; init; }

    /// <summary>The site it runs at.</summary>
    public required string Site { get; init; }

    /// <summary>Where it listens: an absolute http or https address without a path.</summary>
    public required Uri Address { get; init; }

    /// <summary>The model name it knows, when it differs from the service's.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>What kind of server it is.</summary>
    /// <value>The default value is <see cref="EngineKind.OpenAi"/>.</value>
    public EngineKind Engine { get; init; } = EngineKind.OpenAi;

    /// <summary>Its share under weighted policies.</summary>
    /// <value>The default value is 100; 0 to 1,000.</value>
    public int Weight { get; init; } = 100;

    /// <summary>Where it stands in its life.</summary>
    /// <value>The default value is <see cref="ReplicaState.Serving"/>.</value>
    public ReplicaState State { get; init; } = ReplicaState.Serving;

    /// <summary>Whether it is spoken to in HTTP/2 (another gateway) and not in HTTP/1.1.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Http2 { get; init; }

    /// <summary>The name of what it asks for that doesn't answer everybody; null for nothing.</summary>
    /// <remarks>Gateways and monitors have the secret by this name in their own settings; nobody else has.</remarks>
    public string? Credential { get; init; }

    /// <summary>How its broken streams can be taken up elsewhere, and others' by it.</summary>
    /// <value>The default value is <see cref="ContinuationSupport.Auto"/>.</value>
    public ContinuationSupport Continuation { get; init; } = ContinuationSupport.Auto;

    /// <summary>
    /// Adapters (LoRA) it has loaded: each is a further model name, served by the replicas that have it.
    /// </summary>
    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>Until when streams that it has may stay, once it drains (UTC); then they go on elsewhere.</summary>
    /// <value>The default value is <see langword="null"/>: until they end.</value>
    public DateTimeOffset? DrainUntil { get; init; }

    /// <summary>What the monitors think of it.</summary>
    /// <value>The default value is <see cref="Verdict.Unknown"/>, which may take traffic.</value>
    public Verdict Verdict { get; init; } = Verdict.Unknown;
}
