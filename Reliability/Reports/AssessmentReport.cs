using System.Globalization;
using System.Net;
using System.Text;
using Continuity.Reliability.CutSets;
using Continuity.Reliability.Living;

namespace Continuity.Reliability.Reports;

/// <summary>Assessments as one page of HTML: figures, what limits them, what would help, and the diagram.</summary>
/// <remarks>Complete in itself: no scripts, no outside references.</remarks>
public static class AssessmentReport
{
    private const int ShownContributions = 12;

    private const string Style =
        "body{font:15px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#123}"
        + "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bcd;padding:.25em .7em;text-align:left}"
        + "td.n{text-align:right;font-variant-numeric:tabular-nums}.bad{color:#a00}.good{color:#070}"
        + "figure{overflow-x:auto;margin:1em 0}";

    /// <summary>The page.</summary>
    /// <param name="subjects">What is reported on, each with its model for the diagram.</param>
    /// <param name="assumptions">The numbers behind them, which the page lists with their sources.</param>
    /// <param name="note">A sentence for the top of the page, for example that the model lags; null for none.</param>
    public static string Write(
        IEnumerable<(SubjectModel Model, Assessment Assessment)> subjects,
        PlatformAssumptions assumptions,
        string? note = null)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        ArgumentNullException.ThrowIfNull(assumptions);
        var text = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<title>Reliability</title><style>").Append(Style).Append("</style></head><body>")
            .Append("<h1>Reliability</h1>");
        if (note is not null)
        {
            text.Append("<p class=\"bad\">").Append(Escaped(note)).Append("</p>");
        }

        foreach (var (model, assessment) in subjects)
        {
            Add(text, model, assessment);
        }

        AddAssumptions(text, assumptions);
        return text.Append("</body></html>").ToString();
    }

    private static void Add(StringBuilder text, SubjectModel model, Assessment assessment)
    {
        var kind = assessment.Kind == SubjectKind.Service ? "Service" : "Artefact set";
        text.Append("<h2>").Append(kind).Append(' ').Append(Escaped(assessment.Name)).Append("</h2><p>")
            .Append(Escaped(assessment.Limit)).Append("</p><table>");
        Row(text, "Availability", Percent(assessment.Availability));
        Row(
            text,
            "90 % range, as rates are known",
            $"{Percent(assessment.AvailabilityLow)} to {Percent(assessment.AvailabilityHigh)}");
        Row(text, "Nines", assessment.Nines is { } nines ? Number("F2", nines) : "never down");
        Row(text, "Downtime a year", Number("G4", assessment.DowntimeHoursPerYear) + " h");
        Row(
            text,
            "Between outages",
            assessment.MeanHoursBetweenOutages is { } hours ? Number("G4", hours) + " h" : "no outages");
        Row(text, $"R over {Number("G6", assessment.MissionHours)} h", Number("F6", assessment.Reliability));
        Row(text, "Objective", Objective(assessment));
        Row(text, "Minimal cut sets", assessment.MinimalCutSets ?? "not counted");
        text.Append("</table><h3>What would help</h3><table><tr><th>change<th>availability<th>saved a year</tr>");
        foreach (var effect in assessment.WhatIfs)
        {
            text.Append("<tr><td>").Append(Escaped(effect.Description)).Append("<td class=\"n\">")
                .Append(Percent(effect.Availability)).Append("<td class=\"n\">")
                .Append(Number("G3", effect.SavedHoursPerYear)).Append(" h</tr>");
        }

        text.Append("</table><h3>What it is down by</h3>")
            .Append("<table><tr><th>event<th>unavailability<th>decides in<th>there when down</tr>");
        foreach (var item in assessment.Contributions.Take(ShownContributions))
        {
            text.Append("<tr><td>").Append(Escaped(item.Id)).Append("<td class=\"n\">")
                .Append(Number("G4", item.Unavailability)).Append("<td class=\"n\">")
                .Append(Percent(item.Criticality, 1)).Append("<td class=\"n\">")
                .Append(Percent(item.FussellVesely, 1)).Append("</tr>");
        }

        text.Append("</table>");
        AddCutSets(text, assessment.TopCutSets);
        text.Append("<figure>").Append(GraphSvg.Write(model.Graph)).Append("</figure>");
    }

    private static void AddCutSets(StringBuilder text, IReadOnlyList<CutSet> sets)
    {
        if (sets.Count == 0)
        {
            return;
        }

        text.Append("<h3>What takes it down together</h3><table><tr><th>all of these at once<th>probability</tr>");
        foreach (var set in sets)
        {
            text.Append("<tr><td>").Append(Escaped(string.Join(", ", set.Events))).Append("<td class=\"n\">")
                .Append(Number("G4", set.Probability)).Append("</tr>");
        }

        text.Append("</table>");
    }

    private static void AddAssumptions(StringBuilder text, PlatformAssumptions assumptions)
    {
        text.Append("<h2>Assumptions</h2><table><tr><th>component<th>hours between failures<th>hours to repair")
            .Append("<th>source</tr>");
        foreach (var name in Enum.GetValues<ComponentClass>())
        {
            var data = assumptions.Of(name);
            text.Append("<tr><td>").Append(name).Append("<td class=\"n\">")
                .Append(Number("G4", 1 / data.FailureRate)).Append("<td class=\"n\">")
                .Append(Number("G4", data.RepairHours)).Append("<td>").Append(Escaped(data.Source)).Append("</tr>");
        }

        text.Append("</table><p>Common to all replicas of a service: ")
            .Append(Percent(assumptions.CommonCauseShare, 1)).Append(" of their failures. Failover drills every ")
            .Append(Number("G6", assumptions.FailoverTestHours)).Append(" h; a failover fails with ")
            .Append(Percent(assumptions.FailoverFailure, 1)).Append(" for reasons no drill shows.</p>");
    }

    private static string Objective(Assessment assessment) => assessment.Objective is not { } objective
        ? "none"
        : $"{Percent(objective)}: {(assessment.MeetsObjective == true ? "met" : "missed")}; met with probability "
            + Percent(assessment.ObjectiveConfidence ?? 0, 0);

    private static void Row(StringBuilder text, string name, string value) => text
        .Append("<tr><th>").Append(Escaped(name)).Append("<td class=\"n\">").Append(Escaped(value)).Append("</tr>");

    private static string Percent(double value, int digits = 5) =>
        Number("F" + digits.ToString(CultureInfo.InvariantCulture), 100 * value) + " %";

    private static string Number(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
