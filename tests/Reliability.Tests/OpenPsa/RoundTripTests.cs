using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;
using Continuity.Reliability.Tests.Graphs;
using Continuity.Reliability.Yaml;
using CsCheck;

namespace Continuity.Reliability.Tests.OpenPsa;

/// <summary>What is written is read back as the same model, and every way to an answer gives the same one.</summary>
public sealed class RoundTripTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryFormat_GivesTheModelBack_AndTheAnswerOfTryingAllStates() =>
        RandomGraph.Any.Sample(
            graph =>
            {
                var expected = RandomGraph.Solve(graph);
                FaultGraph[] copies =
                [
                    graph,
                    Through(graph, OpenPsaWriter.Write, text => OpenPsaReader.Read(text, Token)),
                    Through(graph, YamlModelWriter.Write, text => YamlModelReader.Read(text, null, Token)),
                ];

                foreach (var copy in copies)
                {
                    var found = FaultAnalysis.Run(copy, new AnalysisOptions(), Token).Probability.Lower;
                    Assert.InRange(found, expected * (1 - 1e-12), expected * (1 + 1e-12));
                    Assert.Equal(graph.Name, copy.Name);
                    Assert.Equal(graph.Events, copy.Events);
                    Assert.Equal(graph.HouseEvents, copy.HouseEvents);
                }
            },
            iter: 500);

    [Theory]
    [InlineData("chinese")]
    [InlineData("das9601")]
    [InlineData("nus9601")]
    public void AnExchangedTree_KeepsEveryGate(string name)
    {
        var graph = AraliaTree.Find(name).Read();

        var copy = Through(graph, OpenPsaWriter.Write, text => OpenPsaReader.Read(text, Token));

        Assert.Equal(graph.IdOf(graph.Top), copy.IdOf(copy.Top));
        Assert.All(copy.Gates, gate =>
        {
            Assert.True(graph.TryFind(gate.Id, out var node));
            var original = graph.Gates[node.Index];
            Assert.Equal((original.Kind, original.Threshold), (gate.Kind, gate.Threshold));
            Assert.Equal(original.Arguments.Select(graph.IdOf), gate.Arguments.Select(copy.IdOf));
        });
    }

    [Fact]
    public void WhatXmlCannotHold_IsRefusedByName()
    {
        var graph = new FaultGraphBuilder("odd").AddEvent("bell\a", 0.5).Build();

        var exception = Assert.Throws<InvalidModelException>(() => OpenPsaWriter.Write(graph, TextWriter.Null));

        Assert.Equal("bell\a", Assert.Single(exception.Errors).Element);
        var copy = Through(graph, YamlModelWriter.Write, text => YamlModelReader.Read(text, null, Token));
        Assert.Equal(graph.Events, copy.Events);
    }

    private static FaultGraph Through(
        FaultGraph graph, Action<FaultGraph, TextWriter> write, Func<TextReader, FaultGraph> read)
    {
        using var text = new StringWriter();
        write(graph, text);
        using var source = new StringReader(text.ToString());
        return read(source);
    }
}
