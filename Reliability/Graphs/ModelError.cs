using System.Globalization;

namespace Continuity.Reliability.Graphs;

/// <summary>One thing that is wrong with a model.</summary>
/// <param name="Element">The id of the element it is about.</param>
/// <param name="Message">What is wrong, what was expected, and what to do.</param>
/// <param name="Line">Where it stands in the source; null when the model was not read from text.</param>
public sealed record ModelError(string Element, string Message, int? Line = null)
{
    /// <inheritdoc/>
    public override string ToString() => Line is { } line
        ? string.Create(CultureInfo.InvariantCulture, $"line {line}: {Element}: {Message}")
        : $"{Element}: {Message}";
}
