using System.Globalization;
using System.Text;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;
using Continuity.Reliability.Yaml;

namespace Continuity.Reliability.Tests.BadInput;

/// <summary>Models that were made to harm are refused with a line, solved, or given up in order.</summary>
public sealed class HostileModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>\n<opsa-mef>&b;</opsa-mef>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<opsa-mef>&a;</opsa-mef>")]
    [InlineData("<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x.dtd\">\n<opsa-mef/>")]
    public void DocumentTypesAndEntities_AreRefused(string text)
    {
        var error = Assert.Single(Assert.Throws<InvalidModelException>(() => ReadXml(text)).Errors);

        Assert.Equal(1, error.Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<opsa-mef>")]
    [InlineData("<opsa-mef></wrong>")]
    [InlineData("\0\0\0\0")]
    public void BrokenXml_IsRefused(string text) => Assert.Throws<InvalidModelException>(() => ReadXml(text));

    [Fact]
    public void NestingOf100000_InXml_IsSolved()
    {
        const int depth = 100_000;
        var text = new StringBuilder("<opsa-mef><define-fault-tree name='deep'><define-gate name='top'>");
        text.Insert(text.Length, "<not>", depth).Append("<event name='a'/>");
        text.Insert(text.Length, "</not>", depth);
        text.Append("</define-gate><define-basic-event name='a'><float value='0.25'/></define-basic-event>");
        text.Append("</define-fault-tree></opsa-mef>");

        Assert.Equal(0.25, Solve(ReadXml(text.ToString())));
    }

    [Fact]
    public void NestingOf100000_InYaml_IsRefusedAtItsLine()
    {
        const int depth = 100_000;
        var text = new StringBuilder("events: { a: 0.25 }\ngates:\n  top: ");
        text.Insert(text.Length, "{ not: ", depth);

        var error = Assert.Single(Assert.Throws<InvalidModelException>(() => ReadYaml(text.ToString())).Errors);

        Assert.Equal(3, error.Line);
        Assert.Contains("nested", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AChainOfGatesThatShareEverything_IsSolved()
    {
        var builder = new FaultGraphBuilder("chain").AddEvent("e0", 0.5).AddEvent("e1", 0.5);
        builder.AddGate("g0", GateKind.Or, ["e0", "e1"]);
        for (var i = 1; i < 100_000; i++)
        {
            var kind = i % 2 == 0 ? GateKind.Or : GateKind.And;
            builder.AddGate(Id("g", i), kind, [Id("g", i - 1), Id("e", i % 2)]);
        }

        Assert.InRange(Solve(builder.Build()), 0.25, 0.75);
    }

    [Fact]
    public void AMillionGates_AreGivenUpInOrderWhenTimeIsUp()
    {
        const int gates = 1_000_000;
        var builder = new FaultGraphBuilder("many");
        for (var i = 0; i < 1000; i++)
        {
            builder.AddEvent(Id("e", i), 0.01);
        }

        builder.AddGate("g0", GateKind.Or, ["e0", "e1"]);
        for (var i = 1; i < gates; i++)
        {
            var kind = (i * 7919L % 3) switch { 0 => GateKind.And, 1 => GateKind.Or, _ => GateKind.Xor };
            builder.AddGate(
                Id("g", i), kind, [Id("g", i - 1), Id("g", i / 2), Id("e", (int)(i * 31L % 1000))]);
        }

        var graph = builder.Build();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.ThrowsAny<OperationCanceledException>(() => FaultAnalysis.Run(graph, new AnalysisOptions(), soon.Token));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e-300)]
    [InlineData(1.0000000000000002)]
    public void WhatIsNoProbability_IsRefused(double probability)
    {
        var builder = new FaultGraphBuilder("one").AddEvent("a", probability);

        Assert.Equal("a", Assert.Single(Assert.Throws<InvalidModelException>(builder.Build).Errors).Element);
    }

    [Fact]
    public void TheSmallestAndTheLargestProbabilities_KeepTheirDigits()
    {
        var graph = new FaultGraphBuilder("extreme").AddEvent("tiny", 1e-300).AddEvent("sure", 1 - 1e-16)
            .AddGate("both", GateKind.And, ["tiny", "sure"])
            .AddGate("spared", GateKind.Not, ["sure"])
            .AddGate("top", GateKind.Or, ["both", "spared"])
            .Build();

        Assert.Equal(1e-300, Solve(graph.WithTop("both")), 1e-310);
        Assert.Equal(1 - (1 - 1e-16), Solve(graph.WithTop("spared")));
    }

    private static string Id(string stem, int number) => stem + number.ToString(CultureInfo.InvariantCulture);

    private static double Solve(FaultGraph graph) =>
        FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Probability.Lower;

    private static FaultGraph ReadXml(string text)
    {
        using var source = new StringReader(text);
        return OpenPsaReader.Read(source, Token);
    }

    private static FaultGraph ReadYaml(string text)
    {
        using var source = new StringReader(text);
        return YamlModelReader.Read(source, null, Token);
    }
}
