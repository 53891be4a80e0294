namespace Continuity.Reliability.OpenPsa;

/// <summary>What a <c>define-...</c> element has said of itself so far.</summary>
internal sealed class OpenDefinition(string element, string id, int line)
{
    public string Element { get; } = element;

    public string Id { get; } = id;

    public int Line { get; } = line;

    public string? Label { get; set; }

    public double? Number { get; set; }

    public bool? Constant { get; set; }

    /// <summary>Formulas that are still open, innermost last.</summary>
    public Stack<OpenFormula> Formulas { get; } = [];

    /// <summary>The gate's own formula, or its one argument when it just stands for another node.</summary>
    public OpenFormula? Formula { get; set; }

    public string? Alias { get; set; }
}
