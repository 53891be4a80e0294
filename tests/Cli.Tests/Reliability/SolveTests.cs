using System.Text.Json;
using Continuity.Cli.Tests.Vault;

namespace Continuity.Cli.Tests.Reliability;

/// <summary><c>reliability solve</c>, as a user runs it.</summary>
public sealed class SolveTests : IDisposable
{
    private const string Series = """
        name: series
        events:
          a: 0.01
          b: 0.02
          c: { probability: 0.03, label: the third part }
        gates:
          failed: { or: [a, b, c] }
        """;

    private const string Vote = """
        <opsa-mef>
          <define-fault-tree name="vote">
            <define-gate name="top"><atleast min="2">
              <event name="x"/><event name="y"/><event name="z"/>
            </atleast></define-gate>
            <define-basic-event name="x"><float value="0.1"/></define-basic-event>
            <define-basic-event name="y"><float value="0.2"/></define-basic-event>
            <define-basic-event name="z"><float value="0.3"/></define-basic-event>
          </define-fault-tree>
        </opsa-mef>
        """;

    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task TheSourceDocumentsExample_Is0941094()
    {
        _program.Write("series.yaml", Series);

        var text = await SolveAsync("series.yaml");
        var json = (await SolveAsync("series.yaml", "--json")).Json;

        Assert.Equal(0, text.ExitCode);
        Assert.Contains("0.941094", text.Output, StringComparison.Ordinal);
        Assert.Equal(0.058906, json.GetProperty("probability").GetDouble(), 1e-15);
        Assert.Equal(0.058906, json.GetProperty("lowerBound").GetDouble(), 1e-15);
        Assert.Equal(0.058906, json.GetProperty("upperBound").GetDouble(), 1e-15);
        Assert.True(json.GetProperty("exact").GetBoolean());
        Assert.True(json.GetProperty("seconds").GetDouble() > 0);
        Assert.InRange(json.GetProperty("peakNodes").GetInt32(), 1, 100);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("minimalCutSets").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("minimalCutSetsByOrder").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("importance").ValueKind);
    }

    [Fact]
    public async Task CutSetsAndImportance_OfAnExchangedModel_AreGivenOnRequest()
    {
        _program.Write("vote", Vote);

        var text = await SolveAsync("vote", "--cut-sets", "--importance");
        var json = (await SolveAsync("vote", "--cut-sets", "--importance", "--json")).Json;

        Assert.Contains("of order 2", text.Output, StringComparison.Ordinal);
        Assert.Equal(0.098, json.GetProperty("probability").GetDouble(), 1e-15);
        Assert.Equal(3, json.GetProperty("minimalCutSets").GetInt32());
        Assert.Equal(3, json.GetProperty("minimalCutSetsByOrder").GetProperty("2").GetInt32());
        var x = json.GetProperty("importance").EnumerateArray()
            .Single(item => item.GetProperty("event").GetString() == "x");
        Assert.Equal(0.38, x.GetProperty("birnbaum").GetDouble(), 1e-15);
        Assert.Equal(0.44 / 0.098, x.GetProperty("raw").GetDouble(), 1e-12);
        Assert.Equal(0.098 / 0.06, x.GetProperty("rrw").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task Top_CanBeAnyNode()
    {
        _program.Write("series.yaml", Series);

        var solved = await SolveAsync("series.yaml", "--top", "b", "--json");
        var unknown = await SolveAsync("series.yaml", "--top", "nobody");

        Assert.Equal(0.02, solved.Json.GetProperty("probability").GetDouble());
        Assert.Equal(7, unknown.ExitCode);
        Assert.Contains("nobody", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AModelOfManyErrors_IsRefusedWithAllOfThem()
    {
        _program.Write("bad.yaml", """
            events:
              a: 1.5
              b: often
            gates:
              top: { or: [a, b, nobody] }
              vote: { atleast: 4, of: [a, b, top] }
            """);

        var text = await SolveAsync("bad.yaml");
        var json = await SolveAsync("bad.yaml", "--json");

        Assert.Equal((7, 7), (text.ExitCode, json.ExitCode));
        Assert.Empty(text.Output);
        Assert.Contains("line 2: a", text.Errors, StringComparison.Ordinal);
        Assert.Contains("line 3: b: 'often' is no number", text.Errors, StringComparison.Ordinal);
        Assert.Contains("line 5: top: refers to 'nobody'", text.Errors, StringComparison.Ordinal);
        Assert.Contains("line 6: vote: at least 4 of 3", text.Errors, StringComparison.Ordinal);
        Assert.Equal(7, JsonDocument.Parse(json.Errors).RootElement.GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task AMissingFileAndAWrongTimeout_AreNamed()
    {
        var missing = await SolveAsync("nowhere.xml");
        var timeout = await SolveAsync("nowhere.xml", "--timeout", "0");

        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("nowhere.xml", missing.Errors, StringComparison.Ordinal);
        Assert.Equal(2, timeout.ExitCode);
        Assert.Contains("--timeout", timeout.Errors, StringComparison.Ordinal);
    }

    private Task<CliResult> SolveAsync(string model, params string[] options) => CliProgram.RunAsync(
        new Dictionary<string, string>(), ["reliability", "solve", _program[model], .. options]);
}
