namespace Continuity.Reliability.Evaluation;

/// <summary>
/// Where an evaluator keeps its numbers: the constants, each event's p and 1 - p, then one result a step.
/// </summary>
internal static class Slots
{
    public const int False = 0;
    public const int True = 1;

    public static int Event(int index) => 2 + 2 * index;

    public static int NotEvent(int index) => 3 + 2 * index;

    public static int FirstResult(int eventCount) => 2 + 2 * eventCount;
}
