using Continuity.Cli.Tests.Vault;

namespace Continuity.Cli.Tests.Reliability;

/// <summary><c>reliability convert</c>, as a user runs it.</summary>
public sealed class ConvertTests : IDisposable
{
    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task AModel_GoesFromYamlToOpenPsaAndBack()
    {
        _program.Write("model.yaml", """
            name: site
            top: down
            events: { power: 1e-3, link 1: { probability: 0.25, label: "the \"north\" link" }, link2: 0.5 }
            gates:
              down: { or: [power, { and: [link 1, link2] }] }
            """);

        var written = await RunAsync("convert", "model.yaml", "--to", "open-psa", "--output", _program["model.xml"]);
        var back = await RunAsync("convert", "model.xml", "--to", "yaml");
        _program.Write("back.yaml", back.Output);
        var solved = await RunAsync("solve", "back.yaml", "--json");
        var drawn = await RunAsync("convert", "model.yaml", "--to", "dot");
        var unknown = await RunAsync("convert", "model.yaml", "--to", "png");

        Assert.Equal((0, 0, 0, 2), (written.ExitCode, back.ExitCode, drawn.ExitCode, unknown.ExitCode));
        Assert.Empty(written.Output);
        Assert.Equal(0.001 + 0.999 * 0.125, solved.Json.GetProperty("probability").GetDouble(), 1e-15);
        Assert.Contains("the \\\"north\\\" link", back.Output, StringComparison.Ordinal);
        Assert.StartsWith("digraph \"site\"", drawn.Output, StringComparison.Ordinal);
        Assert.Contains("\"down\" -> \"power\";", drawn.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AModelThatIsWrong_LeavesTheTargetAlone()
    {
        _program.Write("bad.yaml", "events: { a: 2 }");
        _program.Write("kept.xml", "kept");

        var result = await RunAsync("convert", "bad.yaml", "--to", "open-psa", "--output", _program["kept.xml"]);

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("kept", File.ReadAllText(_program["kept.xml"]));
    }

    private Task<CliResult> RunAsync(string verb, string model, params string[] options) => CliProgram.RunAsync(
        new Dictionary<string, string>(), ["reliability", verb, _program[model], .. options]);
}
