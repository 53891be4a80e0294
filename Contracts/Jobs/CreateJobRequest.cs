using System.ComponentModel.DataAnnotations;
using Continuity.Contracts.ArtefactSets;

namespace Continuity.Contracts.Jobs;

/// <summary>Asks for a job.</summary>
public sealed record CreateJobRequest : IValidatableObject
{
    /// <summary>What to do.</summary>
    [Required]
    public required JobKind? Kind { get; init; }

    /// <summary>The artefact set.</summary>
    [Required]
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public required string ArtefactSet { get; init; }

    /// <summary>Sync: only the target at this site.</summary>
    /// <value>All targets when <see langword="null"/>.</value>
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public string? TargetSite { get; init; }

    /// <summary>Restore: the archive's name.</summary>
    /// <value>The latest one when <see langword="null"/>.</value>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$",
        ErrorMessage = "{0} must be a file name without a folder.")]
    public string? Archive { get; init; }

    /// <summary>Restore: the folder to write to.</summary>
    public SitePath? Destination { get; init; }

    /// <summary>Restore: what to do with files that are in the destination already.</summary>
    /// <value>The default value is <see cref="ExistingFiles.Refuse"/>.</value>
    public ExistingFiles Existing { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TargetSite is not null && Kind != JobKind.Sync)
        {
            yield return new ValidationResult("TargetSite belongs to a sync only.", [nameof(TargetSite)]);
        }

        if (Archive is not null && Kind != JobKind.Restore)
        {
            yield return new ValidationResult("Archive belongs to a restore only.", [nameof(Archive)]);
        }

        if (Existing != ExistingFiles.Refuse && Kind != JobKind.Restore)
        {
            yield return new ValidationResult("Existing belongs to a restore only.", [nameof(Existing)]);
        }

        if ((Destination is not null) != (Kind == JobKind.Restore))
        {
            yield return new ValidationResult(
                "Destination is required by a restore, and belongs to a restore only.", [nameof(Destination)]);
        }
    }
}
