namespace Continuity.Reliability.Decisions;

/// <summary>
/// One node: "if the variable of this level is true then High else Low". 16 bytes, four to a cache line.
/// </summary>
internal struct DecisionNode
{
    public int Level;

    /// <summary>
    /// Never negated: a function that is true of all-false is stored as the negation of its complement.
    /// </summary>
    public int Low;

    public int High;

    /// <summary>The next node of the same hash bucket; -1 ends the chain.</summary>
    public int Next;
}
