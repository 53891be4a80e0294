using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.Services;

/// <summary>An HTTP service that is no model, which gateways serve under a path prefix.</summary>
public sealed record PrefixService
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The path prefix ("/search").</summary>
    public required string Prefix { get; init; }

    /// <summary>Whether the prefix is removed before the request goes on.</summary>
    public required bool StripPrefix { get; init; }

    /// <summary>Where the service listens.</summary>
    public required IReadOnlyList<Uri> Addresses { get; init; }
}

/// <summary>Declares an HTTP service by prefix, or replaces what was declared of it.</summary>
public sealed record PutPrefixServiceRequest : IValidatableObject
{
    private static readonly string[] _reserved = ["/v1", "/v2", "/api", "/openapi", "/scalar", "/health", "/alive",
        "/metrics"];

    /// <summary>
    /// The path prefix, with a leading and without a trailing slash. Never one of the gateway's own paths.
    /// </summary>
    [Required]
    [RegularExpression("^(?:/[A-Za-z0-9._~-]+)+$", ErrorMessage = "{0} must look like \"/search\".")]
    [StringLength(256)]
    public required string Prefix { get; init; }

    /// <summary>Whether the prefix is removed before the request goes on.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool StripPrefix { get; init; } = true;

    /// <summary>Where the service listens: 1 to 64 absolute http or https addresses.</summary>
    [Required]
    [Length(1, 64)]
    public required IReadOnlyList<Uri> Addresses { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var first = "/" + Prefix.Split('/', 3)[1];
        if (_reserved.Contains(first, StringComparer.OrdinalIgnoreCase))
        {
            yield return new ValidationResult($"Prefix must not begin with {first}, which is the gateway's own.",
                [nameof(Prefix)]);
        }

        if (Addresses.Any(address => !address.IsAbsoluteUri || address.Scheme is not ("http" or "https")))
        {
            yield return new ValidationResult("Addresses must be absolute http or https addresses.",
                [nameof(Addresses)]);
        }
    }
}
