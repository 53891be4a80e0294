namespace Continuity.Reliability.Decisions;

/// <summary>An edge of a decision diagram: a node's index, doubled, and one when the function is negated.</summary>
/// <remarks>Node 0 is the constant false, so the edges 0 and 1 are false and true.</remarks>
internal static class Edge
{
    public const int False = 0;
    public const int True = 1;

    public static int Not(int edge) => edge ^ 1;

    public static int Node(int edge) => edge >> 1;

    public static bool IsNegated(int edge) => (edge & 1) != 0;

    public static bool IsConstant(int edge) => edge <= True;
}
