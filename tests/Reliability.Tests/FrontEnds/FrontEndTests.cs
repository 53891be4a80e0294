using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;
using CsCheck;

namespace Continuity.Reliability.Tests.FrontEnds;

/// <summary>The four front ends give one answer, which is that of trying all states.</summary>
public sealed class FrontEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // CsCheck prints the seed of a structure that fails.
    [Fact]
    public void OneStructure_InTheWordsOfEveryFrontEnd_HasOneProbability() =>
        RandomStructure.Any.Sample(
            structure =>
            {
                var expected = structure.Solve();
                var tree = structure.AsFaultTree();
                FaultGraph[] graphs =
                    [structure.AsBlockDiagram(), tree, structure.AsDependencies(), ThroughOpenPsa(tree)];

                foreach (var graph in graphs)
                {
                    var found = FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Probability.Lower;
                    Assert.InRange(found, expected * (1 - 1e-12), expected * (1 + 1e-12));
                }
            },
            iter: 500);

    [Fact]
    public void OneStructure_HasOneSetOfMinimalCuts() =>
        RandomStructure.Any.Sample(
            structure =>
            {
                var expected = Cuts(structure.AsFaultTree());

                Assert.Equal(expected, Cuts(structure.AsBlockDiagram()));
                Assert.Equal(expected, Cuts(ThroughOpenPsa(structure.AsFaultTree())));
            },
            iter: 200);

    private static string Cuts(FaultGraph graph) => string.Join(
        ' ',
        FaultAnalysis.Run(graph, new AnalysisOptions(), Token).CountCutSets(new AnalysisOptions(), Token)!.ByOrder);

    private static FaultGraph ThroughOpenPsa(FaultGraph graph)
    {
        using var written = new StringWriter();
        OpenPsaWriter.Write(graph, written);
        using var text = new StringReader(written.ToString());
        return OpenPsaReader.Read(text, Token);
    }
}
