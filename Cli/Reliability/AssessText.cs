using System.Globalization;
using Continuity.Cli.Output;
using Continuity.Reliability.Living;

namespace Continuity.Cli.Reliability;

/// <summary>An assessment for people.</summary>
internal static class AssessText
{
    private const int ShownChanges = 5;
    private const int ShownCutSets = 5;

    public static IEnumerable<string> Lines(Assessment item)
    {
        var kind = item.Kind == SubjectKind.Service ? "service" : "artefact set";
        yield return Printable.Text($"{kind} {item.Name}");
        yield return Line(
            $"  availability        {item.Availability:F7} ({item.AvailabilityLow:F7} to {item.AvailabilityHigh:F7})");
        yield return Line($"  downtime a year     {item.DowntimeHoursPerYear:G4} h");
        yield return Line($"  R over {item.MissionHours:G6} h{Pad(item.MissionHours)}{item.Reliability:F6}");
        if (item.Objective is { } objective)
        {
            var verdict = item.MeetsObjective == true ? "met" : "missed";
            yield return Line(
                $"  objective {objective:G9}: {verdict}, met with probability {item.ObjectiveConfidence:P0}");
        }

        yield return Printable.Text($"  limit               {item.Limit}");
        foreach (var set in item.TopCutSets.Take(ShownCutSets))
        {
            yield return Printable.Text(Line(
                $"  goes down with      {string.Join(" + ", set.Events)} ({set.Probability:G3})"));
        }

        foreach (var effect in item.WhatIfs.Take(ShownChanges))
        {
            yield return Printable.Text(Line($"  {effect.Description}: saves {effect.SavedHoursPerYear:G3} h a year"));
        }
    }

    private static string Pad(double mission) =>
        new(' ', Math.Max(1, 11 - mission.ToString("G6", CultureInfo.InvariantCulture).Length));

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Assessments for machines.</summary>
internal sealed record AssessJson(IReadOnlyList<Assessment> Assessments);
