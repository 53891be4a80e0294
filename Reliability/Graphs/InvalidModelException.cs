using System.Collections.Immutable;
using System.Globalization;

namespace Continuity.Reliability.Graphs;

/// <summary>A model was refused; <see cref="Errors"/> names everything that is wrong with it.</summary>
public sealed class InvalidModelException : Exception
{
    private const int ShownErrors = 20;

    /// <summary>A model with these errors.</summary>
    /// <param name="errors">At least one.</param>
    public InvalidModelException(IEnumerable<ModelError> errors)
        : this([.. errors])
    {
    }

    private InvalidModelException(ImmutableArray<ModelError> errors)
        : base(Describe(errors)) => Errors = errors;

    /// <summary>Everything that is wrong, in the order of the source.</summary>
    public ImmutableArray<ModelError> Errors { get; }

    private static string Describe(ImmutableArray<ModelError> errors)
    {
        var shown = string.Join(Environment.NewLine, errors.Take(ShownErrors));
        var rest = errors.Length - ShownErrors;
        var more = rest > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Environment.NewLine}and {rest} more.")
            : "";
        return $"The model has {errors.Length.ToString(CultureInfo.InvariantCulture)} error(s):"
            + Environment.NewLine + shown + more;
    }
}
