namespace Continuity.Reliability.Preprocessing;

/// <summary>One node of a <see cref="Formula"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">The event of a variable, the k of a k-of-n, else 0.</param>
/// <param name="Arguments">Literals of earlier nodes; empty for a variable.</param>
internal readonly record struct FormulaNode(FormulaKind Kind, int Number, int[] Arguments);
