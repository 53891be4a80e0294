namespace Continuity.Reliability.BlockDiagrams;

/// <summary>How a block is made of others.</summary>
public enum BlockKind
{
    /// <summary>Works while all of its parts do.</summary>
    Series,

    /// <summary>Works while some part does.</summary>
    Parallel,

    /// <summary>Works while a number of its parts do.</summary>
    Vote,

    /// <summary>
    /// Five parts, two paths and a link between them: in to a and b, a and b joined by e, a to c and b to d, c and d to
    /// out; given as a, b, c, d, e.
    /// </summary>
    Bridge,
}
