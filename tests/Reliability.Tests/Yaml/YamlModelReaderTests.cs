using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Yaml;

namespace Continuity.Reliability.Tests.Yaml;

public sealed class YamlModelReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryKindOfGate_MeansWhatItSays()
    {
        var graph = Read("""
            top: all
            events: { a: 0.1, b: 0.2, c: 0.3, d: 0.4 }
            houses: { on: true }
            gates:
              alias: a
              both: { and: [a, b], label: two at once }
              vote: { atleast: 2, of: [a, b, c] }
              odd: { xor: [a, b] }
              none: { nor: [a, b] }
              notBoth: { nand: [a, b] }
              isNot: { not: a }
              all: { and: [on, { or: [a, { not: d }] }] }
            """);

        double[] expected = [0.1, 0.02, 0.098, 0.26, 0.72, 0.98, 0.9, 0.1 + 0.9 * 0.6];
        string[] gates = ["alias", "both", "vote", "odd", "none", "notBoth", "isNot", "all"];
        Assert.All(gates.Zip(expected), pair => Assert.Equal(pair.Second, Solve(graph.WithTop(pair.First)), 1e-15));
        Assert.Equal("all", graph.IdOf(graph.Top));
        Assert.Equal("two at once", graph.Gates.Single(gate => gate.Id == "both").Label);
    }

    [Fact]
    public void BlocksAndParts_AreFrontEndsOfTheSameGraph()
    {
        var graph = Read("""
            top: whole
            events: { a: 0.1, b: 0.2, c: 0.3 }
            blocks:
              line: { series: [a, b] }
              spare: { parallel: [a, b] }
              vote: { needed: 2, of: [a, b, c] }
              crossed: { bridge: [a, b, c, a, b] }
              whole: { series: [line, spare, vote, crossed] }
            parts:
              api: { fails: 0.01, needs: [database, { needed: 1, of: [east, west] }] }
              database: 0.02
              east: { fails: 0.1 }
              west: { fails: 0.1 }
            """);

        double[] expected = [0.28, 0.02, 0.098, 1 - (0.99 * 0.98 * 0.99)];
        string[] blocks = ["line", "spare", "vote", "api"];
        Assert.All(blocks.Zip(expected), pair => Assert.Equal(pair.Second, Solve(graph.WithTop(pair.First)), 1e-15));

        // With a and b twice, every cut is two of the three.
        Assert.Equal(0.098, Solve(graph.WithTop("crossed")), 1e-15);
    }

    [Fact]
    public void WrongBlocksAndParts_AreToldWithTheirLines()
    {
        var exception = Assert.Throws<InvalidModelException>(() => Read("""
            top: whole
            events: { a: 0.1 }
            blocks:
              whole: { needed: 3, of: [a, a] }
              odd: { series: [a], parallel: [a] }
              short: { bridge: [a] }
              none: { label: nothing }
            parts:
              lone: { needs: [lone2] }
              lone2: { fails: 0.1, needs: [{ needed: 2, of: [whole] }] }
            """));

        Assert.Equal([4, 5, 6, 7, 9, 10], exception.Errors.Select(error => error.Line!.Value).Distinct());
    }

    [Fact]
    public void EveryError_IsToldWithItsLine()
    {
        var exception = Assert.Throws<InvalidModelException>(() => Read("""
            nmae: misspelt
            events:
              z: { probabilty: 0.1 }
              a: 2
              a: 0.5
              n: .nan
            houses: { h: maybe }
            gates:
              empty: { or: [] }
              two: { or: [a], and: [a] }
              loop: { or: [loop, a] }
              much: { atleast: 3, of: [a, n] }
              nothing: [a, n]
            top: two
            """));

        Assert.All(exception.Errors, error => Assert.NotNull(error.Line));
        Assert.Equal(
            [1, 3, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 13], exception.Errors.Select(error => error.Line!.Value));
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x\n", 2, "alias")]
    [InlineData("events: {a: 0.1\n", 2, "")]
    [InlineData("name: a\n---\nname: b\n", 2, "second document")]
    [InlineData("", 1, "empty")]
    public void WhatIsNoModel_IsRefusedAtItsLine(string text, int line, string message)
    {
        var error = Assert.Single(Assert.Throws<InvalidModelException>(() => Read(text)).Errors);

        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static double Solve(FaultGraph graph) =>
        FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Probability.Lower;

    private static FaultGraph Read(string text)
    {
        using var source = new StringReader(text);
        return YamlModelReader.Read(source, null, Token);
    }
}
