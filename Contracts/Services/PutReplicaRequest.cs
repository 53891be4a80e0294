using System.ComponentModel.DataAnnotations;
using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Services;

/// <summary>Declares a replica of a service, or replaces what was declared of it.</summary>
/// <remarks>Its verdict is the monitors' to give and stays as it is, unless the address changes.</remarks>
public sealed record PutReplicaRequest : IValidatableObject
{
    /// <summary>The site it runs at.</summary>
    [Required]
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public required string Site { get; init; }

    /// <summary>Where it listens: an absolute http or https address without a path.</summary>
    [Required]
    public required Uri Address { get; init; }

    /// <summary>The model name it knows, when it differs from the service's.</summary>
    [StringLength(256, MinimumLength = 1)]
    public string? UpstreamModel { get; init; }

    /// <summary>What kind of server it is.</summary>
    /// <value>The default value is <see cref="EngineKind.OpenAi"/>.</value>
    public EngineKind Engine { get; init; } = EngineKind.OpenAi;

    /// <summary>Its share under weighted policies.</summary>
    /// <value>The default value is 100; 0 to 1,000.</value>
    [Range(0, 1000)]
    public int Weight { get; init; } = 100;

    /// <summary>Whether it is spoken to in HTTP/2 (another gateway) and not in HTTP/1.1.</summary>
    public bool Http2 { get; init; }

    /// <summary>The name of what it asks for that doesn't answer everybody; null for nothing.</summary>
    /// <remarks>Gateways and monitors have the secret by this name in their own settings; nobody else has.</remarks>
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public string? Credential { get; init; }

    /// <summary>How its broken streams can be taken up elsewhere, and others' by it.</summary>
    /// <value>The default value is <see cref="ContinuationSupport.Auto"/>.</value>
    public ContinuationSupport Continuation { get; init; }

    /// <summary>Adapters (LoRA) it has loaded: each is a further model name; at most 256.</summary>
    [MaxLength(256)]
    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>The failure domains of its site that it needs: its rack, its switch.</summary>
    /// <value>At most 16; left out, what was declared stays while it stays at its site.</value>
    [MaxLength(16)]
    public IReadOnlyList<string>? Domains { get; init; }

    /// <summary>Where it stands in its life.</summary>
    /// <value>The default value is <see cref="ReplicaState.Serving"/>.</value>
    public ReplicaState State { get; init; } = ReplicaState.Serving;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Address.IsAbsoluteUri || Address.Scheme is not ("http" or "https") || Address.PathAndQuery != "/"
            || Address.UserInfo.Length > 0)
        {
            yield return new ValidationResult(
                "Address must be an absolute http or https address without a path, query or user name.",
                [nameof(Address)]);
        }
    }
}
