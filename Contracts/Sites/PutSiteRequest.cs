using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.Sites;

/// <summary>Declares a site, or replaces what was declared of it.</summary>
public sealed record PutSiteRequest : IValidatableObject
{
    /// <summary>What it may be used for.</summary>
    /// <value>The default value is <see cref="SiteState.Active"/>.</value>
    public SiteState State { get; init; } = SiteState.Active;

    /// <summary>Lower is preferred; sites of one priority share the traffic.</summary>
    /// <value>The default value is 0; 0 to 1,000.</value>
    [Range(0, 1000)]
    public int Priority { get; init; }

    /// <summary>Its share of traffic among sites of the same priority; 0 takes it out.</summary>
    /// <value>The default value is 100; 0 to 1,000.</value>
    [Range(0, 1000)]
    public int Weight { get; init; } = 100;

    /// <summary>Absolute folders below which artefact sets may live.</summary>
    /// <value>At most 32; none means that the site keeps no artefact sets.</value>
    [MaxLength(32)]
    public IReadOnlyList<string> StorageRoots { get; init; } = [];

    /// <summary>What its replicas share: racks, power feeds, switches.</summary>
    /// <value>At most 256; left out, what was declared stays. One that goes away is taken off its replicas.</value>
    [MaxLength(256)]
    public IReadOnlyList<FailureDomain>? Domains { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        FailureDomainRules.FindErrors(Domains ?? [])
            .Select(reason => new ValidationResult(reason, [nameof(Domains)]));
}
