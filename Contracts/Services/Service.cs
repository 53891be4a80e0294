namespace Continuity.Contracts.Services;

/// <summary>A model name that clients ask for, and how it is served.</summary>
public sealed record Service : ServiceSettings
{
    /// <summary>Makes a service with the default settings.</summary>
    public Service()
    {
    }

    /// <summary>Makes a service with these settings.</summary>
    public Service(ServiceSettings settings)
        : base(settings)
    {
    }

    /// <summary>The name in a request's <c>model</c> field.</summary>
    public required string Name { get; init; }

    /// <summary>When it was declared (UTC, the database's clock).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it changed last (UTC, the database's clock).</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
