namespace Continuity.Reliability.Preprocessing;

/// <summary>
/// A node of a formula, plain or negated: its index, doubled, plus one when negated. Node 0 is false.
/// </summary>
internal static class Literal
{
    public const int False = 0;
    public const int True = 1;

    public static int Node(int literal) => literal >> 1;

    public static int Not(int literal) => literal ^ 1;

    public static int Sign(int literal) => literal & 1;

    public static int Of(int node) => node << 1;
}
