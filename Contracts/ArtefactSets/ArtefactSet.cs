using System.Text.Json.Serialization;

namespace Continuity.Contracts.ArtefactSets;

/// <summary>A folder that is protected: copied to other sites, and backed up.</summary>
public sealed record ArtefactSet
{
    /// <summary>Its name ("weights").</summary>
    public required string Name { get; init; }

    /// <summary>Where the folder is that counts.</summary>
    public required SitePath Source { get; init; }

    /// <summary>Where copies of it are kept.</summary>
    public IReadOnlyList<SitePath> Targets { get; init; } = [];

    /// <summary>What a copy does with files that the source no longer has.</summary>
    public DeletionPolicy Deletions { get; init; }

    /// <summary>Where its archives are written; <see langword="null"/> when it is not backed up.</summary>
    public SitePath? Archives { get; init; }

    /// <summary>When it was declared (UTC, the database's clock).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its declaration changed last (UTC, the database's clock).</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a copy does with files that the source no longer has.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<DeletionPolicy>))]
public enum DeletionPolicy
{
    /// <summary>Leaves them.</summary>
    Keep,

    /// <summary>Deletes them, so that the copy equals the source.</summary>
    Delete,
}
