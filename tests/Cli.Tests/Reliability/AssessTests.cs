using System.Text.Json;
using System.Xml.Linq;
using Continuity.Cli.Tests.Vault;

namespace Continuity.Cli.Tests.Reliability;

/// <summary><c>reliability assess</c>, as a user runs it.</summary>
public sealed class AssessTests : IDisposable
{
    private const string Platform = """
        {
          "topology": {
            "sites": [{ "id": "east" }, { "id": "west", "priority": 1 }],
            "services": [{
              "name": "chat", "objective": 0.999,
              "replicas": [{ "id": "c1", "site": "east" }, { "id": "c2", "site": "west" }]
            }],
            "artefactSets": [{ "name": "weights", "sites": ["east", "west"] }]
          },
          "assumptions": { "commonCauseShare": 0 }
        }
        """;

    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Platform_IsAssessedForPeopleAndMachines()
    {
        _program.Write("platform.json", Platform);

        var text = await AssessAsync("platform.json");
        var json = (await AssessAsync("platform.json", "--json")).Json.GetProperty("assessments");

        Assert.Equal(0, text.ExitCode);
        Assert.Contains("service chat", text.Output, StringComparison.Ordinal);
        Assert.Contains("artefact set weights", text.Output, StringComparison.Ordinal);
        Assert.Contains("test failover monthly: saves", text.Output, StringComparison.Ordinal);
        Assert.Contains(
            "goes down with      site east + failover to west (", text.Output, StringComparison.Ordinal);
        Assert.Equal(["service", "artefact-set"], json.EnumerateArray().Select(
            item => item.GetProperty("kind").GetString()));
        var chat = json[0];
        Assert.InRange(chat.GetProperty("availability").GetDouble(), 0.999, 1);
        Assert.True(chat.GetProperty("meetsObjective").GetBoolean());
        Assert.True(chat.GetProperty("whatIfs")[0].GetProperty("savedHoursPerYear").GetDouble() > 0);
    }

    [Fact]
    public async Task Files_AreWrittenBesideTheAnswer()
    {
        _program.Write("platform.json", Platform);

        var result = await AssessAsync(
            "platform.json", "--service", "chat", "--html", _program["report.html"], "--svg", _program["chat.svg"],
            "--dot", _program["chat.dot"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("<h2>Service chat</h2>", File.ReadAllText(_program["report.html"]), StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Load(_program["chat.svg"]).Root!.Name.LocalName);
        Assert.StartsWith("digraph \"chat\"", File.ReadAllText(_program["chat.dot"]), StringComparison.Ordinal);
        Assert.DoesNotContain("weights", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongInput_IsNamed()
    {
        _program.Write("platform.json", Platform);
        _program.Write("broken.json", """
            { "topology":
              { "sites": 7 } }
            """);
        _program.Write("impossible.json", """{ "assumptions": { "commonCauseShare": 2 } }""");

        var unknown = await AssessAsync("platform.json", "--service", "nobody");
        var undrawn = await AssessAsync("platform.json", "--svg", _program["x.svg"]);
        var broken = await AssessAsync("broken.json", "--json");
        var impossible = await AssessAsync("impossible.json");
        var missing = await AssessAsync("nowhere.json");

        Assert.Equal([2, 2, 7, 7, 1], new[] { unknown, undrawn, broken, impossible, missing }.Select(
            result => result.ExitCode));
        Assert.Contains("nobody", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("--service", undrawn.Errors, StringComparison.Ordinal);
        var error = JsonDocument.Parse(broken.Errors).RootElement.GetProperty("error").GetString();
        Assert.Contains("line 2: $.topology.sites", error, StringComparison.Ordinal);
        Assert.Contains("share of common causes", impossible.Errors, StringComparison.Ordinal);
    }

    private Task<CliResult> AssessAsync(string platform, params string[] options) => CliProgram.RunAsync(
        new Dictionary<string, string>(), ["reliability", "assess", _program[platform], .. options]);
}
