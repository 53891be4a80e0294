using System.Globalization;
using Spectre.Console;

namespace Continuity.Demo;

/// <summary>One thing done with the folder.</summary>
internal sealed record DemoStep(string What, TimeSpan Took)
{
    /// <value>Why it failed; null when it did not.</value>
    public string? Problem { get; init; }

    public IReadOnlyList<string> Differences { get; init; } = [];

    public int Lost => Problem is null ? Differences.Count : 1;
}

/// <summary>What was sent, what was lost, and how long it took.</summary>
internal sealed record DemoReport(string Folder, IReadOnlyList<ChatOutcome> Requests, IReadOnlyList<DemoStep> Steps)
{
    public bool IsNothingLost => Requests.Count > 0 && Requests.All(request => request.Error is null)
        && Steps.All(step => step.Lost == 0);

    public void Print(IAnsiConsole console)
    {
        var table = new Table().AddColumns("What", "Sent", "Lost", "Took");
        AddRequests(table, "chat requests", [.. Requests.Where(request => !request.Streamed)]);
        AddRequests(table, "chat requests, streamed", [.. Requests.Where(request => request.Streamed)]);
        var files = FolderComparison.Count(Folder);
        foreach (var step in Steps)
        {
            table.AddRow($"files {step.What}", Number(files), Number(step.Lost), Seconds(step.Took));
        }

        console.Write(table);
        foreach (var problem in Problems())
        {
            console.MarkupLineInterpolated($"[red]{problem}[/]");
        }

        console.WriteLine(IsNothingLost
            ? "Nothing was lost, while a model server and a worker were killed."
            : "Something was lost: see above.");
    }

    private static void AddRequests(Table table, string what, IReadOnlyList<ChatOutcome> requests)
    {
        var took = requests.Select(request => request.Took).Order().ToList();
        var times = took.Count == 0
            ? "-"
            : $"median {Seconds(took[took.Count / 2])}, longest {Seconds(took[^1])}";
        table.AddRow(what, Number(requests.Count), Number(requests.Count(request => request.Error is not null)), times);
    }

    private IEnumerable<string> Problems() =>
    [
        .. Requests.Select(request => request.Error).OfType<string>().Distinct().Take(5),
        .. Steps.Select(step => step.Problem).OfType<string>(),
        .. Steps.SelectMany(step => step.Differences).Take(10),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F2} s");
}
