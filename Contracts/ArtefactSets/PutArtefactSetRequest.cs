using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.ArtefactSets;

/// <summary>Declares an artefact set, or replaces what was declared of it.</summary>
public sealed record PutArtefactSetRequest
{
    /// <summary>Where the folder is that counts.</summary>
    [Required]
    public required SitePath Source { get; init; }

    /// <summary>Where copies of it are kept; at most 16.</summary>
    [MaxLength(16)]
    public IReadOnlyList<SitePath> Targets { get; init; } = [];

    /// <summary>What a copy does with files that the source no longer has.</summary>
    /// <value>The default value is <see cref="DeletionPolicy.Keep"/>.</value>
    public DeletionPolicy Deletions { get; init; }

    /// <summary>Where its archives are written; <see langword="null"/> when it is not backed up.</summary>
    public SitePath? Archives { get; init; }
}
