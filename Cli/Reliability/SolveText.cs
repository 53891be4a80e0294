using Continuity.Cli.Output;
using Continuity.Reliability.Importance;

namespace Continuity.Cli.Reliability;

/// <summary>A solution for people.</summary>
internal static class SolveText
{
    private const int ShownEvents = 20;

    public static IEnumerable<string> Lines(Solution solution)
    {
        var graph = solution.Graph;
        yield return Printable.Text($"{graph.Name}: {graph.IdOf(graph.Top)}");
        var (lower, upper) = (solution.Probability.Lower, solution.Probability.Upper);
        if (solution.Probability.IsExact)
        {
            yield return Line($"  probability         {lower:G12}");
            yield return Line($"  reliability         {1 - lower:G15}");
        }
        else
        {
            yield return Line($"  probability         between {lower:G6} and {upper:G6}");
        }

        foreach (var line in CutSets(solution).Concat(TopCutSets(solution)).Concat(Importance(solution.Importance)))
        {
            yield return line;
        }

        foreach (var note in solution.Shortfalls)
        {
            yield return Printable.Text($"  note                {note}");
        }

        yield return Line($"  {solution.Seconds:0.000} s, {solution.PeakNodes:#,0} nodes at most");
    }

    private static IEnumerable<string> CutSets(Solution solution)
    {
        if (solution.CutSets is { } count)
        {
            yield return Line($"  minimal cut sets    {count.Total:#,0}");
            foreach (var (order, number) in count.ByOrder.Index().Where(pair => !pair.Item.IsZero))
            {
                yield return Line($"    of order {order,-10} {number:#,0}");
            }
        }
    }

    private static IEnumerable<string> TopCutSets(Solution solution) => solution.TopCutSets is { } sets
        ? sets.Select(set => Printable.Text(Line($"  {set.Probability,-19:G6} ") + string.Join(", ", set.Events)))
        : [];

    private static IEnumerable<string> Importance(IReadOnlyList<EventImportance>? events)
    {
        if (events is null)
        {
            yield break;
        }

        yield return $"  {"event",-24} {"probability",11} {"Birnbaum",11} {"criticality",11} {"F-Vesely",11} "
            + $"{"RAW",11} {"RRW",11}";
        foreach (var item in events.OrderByDescending(item => Math.Abs(item.Criticality)).Take(ShownEvents))
        {
            double[] columns =
            [
                item.Probability, item.Birnbaum, item.Criticality, item.FussellVesely, item.RiskAchievementWorth,
                item.RiskReductionWorth,
            ];
            yield return Printable.Text(
                $"  {item.Id,-24} " + string.Join(' ', columns.Select(value => Line($"{value,11:G4}"))));
        }

        if (events.Count > ShownEvents)
        {
            yield return Line($"  and {events.Count - ShownEvents} more: --json lists all");
        }
    }

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
