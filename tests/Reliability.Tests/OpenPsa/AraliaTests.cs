using Continuity.Reliability.Analysis;
using Continuity.Reliability.Importance;

namespace Continuity.Reliability.Tests.OpenPsa;

/// <summary>
/// Public fault trees with known answers: see the README beside them for where the answers come from.
/// </summary>
public sealed class AraliaTests
{
    private static readonly AnalysisOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("baobab1")]
    [InlineData("chinese")]
    [InlineData("das9201")]
    [InlineData("das9203")]
    [InlineData("das9205")]
    [InlineData("das9207")]
    [InlineData("das9209")]
    [InlineData("das9601")]
    [InlineData("edf9202")]
    [InlineData("edf9205")]
    [InlineData("edfpa15o")]
    [InlineData("edfpa15q")]
    [InlineData("elf9601")]
    [InlineData("isp9602")]
    [InlineData("isp9604")]
    [InlineData("isp9606")]
    [InlineData("jbd9601")]
    public void Tree_IsAnalysedExactly(string name)
    {
        var tree = AraliaTree.Find(name);

        var analysis = FaultAnalysis.Run(tree.Read(), _options, Token);

        var relativeError = Math.Abs(analysis.Probability.Lower / tree.Probability!.Value - 1);
        Assert.True(relativeError <= 1e-9, $"{name}: {analysis.Probability.Lower:R}, off by {relativeError:E1}");
        if (tree.CutSets is { } expected)
        {
            var count = analysis.CountCutSets(_options, Token)!;
            Assert.Equal(expected, count.Total);
            Assert.All(tree.ByOrder, pair => Assert.Equal(pair.Value, count.ByOrder[pair.Key]));
        }
        else
        {
            Assert.Null(analysis.CountCutSets(_options, Token));
        }
    }

    [Fact]
    public void Importance_OfEveryEvent_IsWhatTheReferenceToolSays()
    {
        foreach (var rows in AraliaTree.Rows("importance.csv").GroupBy(fields => fields[0]))
        {
            var graph = AraliaTree.Find(rows.Key).Read();
            var analysis = FaultAnalysis.Run(graph, _options, Token);
            var found = ImportanceAnalysis.Run(graph, analysis.Evaluator).ToDictionary(item => item.Id);
            foreach (var row in rows)
            {
                var item = found[row[1]];
                double[] values =
                [
                    item.Probability, item.Birnbaum, item.Criticality, item.FussellVesely, item.RiskAchievementWorth,
                    item.RiskReductionWorth,
                ];
                Assert.All(
                    values.Zip(row[2..]),
                    pair => Assert.Equal(double.Parse(pair.Second, null), pair.First, 1e-5 * Math.Abs(pair.First)));
            }
        }
    }
}
