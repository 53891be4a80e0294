namespace Continuity.Reliability.Preprocessing;

/// <summary>
/// What a node of a <see cref="Formula"/> is. Or, not, nand and nor are conjunctions with negated literals.
/// </summary>
internal enum FormulaKind : byte
{
    False,
    Variable,
    And,
    Xor,
    AtLeast,
}
