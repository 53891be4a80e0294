using System.Globalization;
using System.Numerics;
using Continuity.Reliability.Importance;

namespace Continuity.Cli.Reliability;

/// <summary>A solution for machines. Null is what wasn't asked for, or isn't known.</summary>
internal sealed record SolveJson(
    double? Probability,
    double LowerBound,
    double UpperBound,
    bool Exact,
    double Seconds,
    int PeakNodes)
{
    public BigInteger? MinimalCutSets { get; init; }

    /// <summary>Gets how many minimal cut sets have as many events as the name says.</summary>
    public IReadOnlyDictionary<string, BigInteger>? MinimalCutSetsByOrder { get; init; }

    /// <summary>Gets the most probable ones, as many as were asked for.</summary>
    public IReadOnlyList<CutSetJson>? TopCutSets { get; init; }

    public IReadOnlyList<ImportanceJson>? Importance { get; init; }

    /// <summary>Gets what was asked for and is missing, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static SolveJson From(Solution solution) => new(
        solution.Probability.IsExact ? solution.Probability.Lower : null,
        solution.Probability.Lower,
        solution.Probability.Upper,
        solution.Probability.IsExact,
        solution.Seconds,
        solution.PeakNodes)
    {
        MinimalCutSets = solution.CutSets?.Total,
        MinimalCutSetsByOrder = solution.CutSets?.ByOrder.Index().Where(pair => !pair.Item.IsZero)
            .ToDictionary(pair => Number(pair.Index), pair => pair.Item),
        TopCutSets = solution.TopCutSets?.Select(set => new CutSetJson(set.Events, set.Probability)).ToList(),
        Importance = solution.Importance?.Select(ImportanceJson.From).ToList(),
        Notes = solution.Shortfalls,
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One minimal cut set for machines.</summary>
internal sealed record CutSetJson(IReadOnlyList<string> Events, double Probability);

/// <summary>One event's importance for machines; null where a ratio is infinite or undefined.</summary>
internal sealed record ImportanceJson(
    string Event, double Probability, double? Birnbaum, double? Criticality, double? FussellVesely, double? Raw)
{
    public double? Rrw { get; init; }

    public static ImportanceJson From(EventImportance item) => new(
        item.Id,
        item.Probability,
        Finite(item.Birnbaum),
        Finite(item.Criticality),
        Finite(item.FussellVesely),
        Finite(item.RiskAchievementWorth))
    {
        Rrw = Finite(item.RiskReductionWorth),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
