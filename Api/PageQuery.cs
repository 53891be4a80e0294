using System.ComponentModel.DataAnnotations;

namespace Continuity.Api;

/// <summary>Which page of a list.</summary>
public sealed class PageQuery : IValidatableObject
{
    private const int DefaultLimit = 100;

    /// <summary>How many entries, at most.</summary>
    /// <value>The default value is 100; 1 to 500.</value>
    [Range(1, 500)]
    public int? Limit { get; init; }

    /// <summary>What the page before gave as <c>next</c>.</summary>
    [StringLength(512)]
    public string? Cursor { get; init; }

    internal int Take => Limit ?? DefaultLimit;

    internal string? After => ControlPlane.Database.Cursor.TryParse(Cursor, out string? position) ? position : null;

    internal long? Before => ControlPlane.Database.Cursor.TryParse(Cursor, out long? position) ? position : null;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!ControlPlane.Database.Cursor.TryParse(Cursor, out string? _))
        {
            yield return new ValidationResult(
                "Cursor must be the 'next' of an earlier page; leave it out for the first page.", [nameof(Cursor)]);
        }
    }
}
