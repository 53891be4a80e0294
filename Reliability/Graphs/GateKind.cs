namespace Continuity.Reliability.Graphs;

/// <summary>How a gate combines its arguments. A gate is true when what it describes has failed.</summary>
public enum GateKind
{
    /// <summary>True when every argument is.</summary>
    And,

    /// <summary>True when some argument is.</summary>
    Or,

    /// <summary>True when at least <see cref="Gate.Threshold"/> arguments are (k-of-n).</summary>
    AtLeast,

    /// <summary>True when its one argument is not.</summary>
    Not,

    /// <summary>True when an odd number of arguments is.</summary>
    Xor,

    /// <summary>True unless every argument is.</summary>
    Nand,

    /// <summary>True when no argument is.</summary>
    Nor,
}
