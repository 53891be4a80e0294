using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.ArtefactSets;

/// <summary>A folder at a site.</summary>
public sealed record SitePath
{
    /// <summary>The site's id.</summary>
    [Required]
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public required string Site { get; init; }

    /// <summary>
    /// Relative to the site's first storage root, or absolute below one of its roots; never with "..".
    /// </summary>
    [Required]
    [StringLength(1024, MinimumLength = 1)]
    public required string Path { get; init; }
}
