using System.Collections.Immutable;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.CommonCause;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Tests.CommonCause;

public sealed class CommonCauseTests
{
    private const double Total = 0.02;

    public static TheoryData<CommonCauseModel, int> Models => new()
    {
        { new BetaFactor(0.1), 4 },
        { new BetaFactor(0), 3 },
        { new MultipleGreekLetter([0.1, 0.3, 0.5]), 4 },
        { new MultipleGreekLetter([1, 0]), 3 },
        { new AlphaFactor([0.9, 0.06, 0.03, 0.01], TestScheme.NonStaggered), 4 },
        { new AlphaFactor([0.9, 0.06, 0.03, 0.01], TestScheme.Staggered), 4 },
    };

    [Fact]
    public void BetaFactor_OfAllFailing_HasItsClosedForm()
    {
        var graph = Expanded(5, 5, new BetaFactor(0.1));

        var alone = Math.Pow(0.9 * Total, 5);
        Close.Assert(1 - ((1 - (0.1 * Total)) * (1 - alone)), Solve(graph), 1e-13);
        Assert.Equal(6, graph.Events.Length);
    }

    [Fact]
    public void BetaFactor_OfAHundred_HasAHundredAndOneEvents()
    {
        var graph = Expanded(100, 50, new BetaFactor(0.05));

        Assert.Equal(101, graph.Events.Length);
        Close.Assert(0.05 * Total, Solve(graph), 1e-6);
    }

    [Fact]
    public void MultipleGreekLetter_OfThree_HasTheTextbooksShares()
    {
        var graph = Expanded(3, 2, new MultipleGreekLetter([0.1, 0.4]));
        var shares = graph.Events.ToDictionary(item => item.Id, item => item.Probability / Total);

        Assert.Equal(7, shares.Count);
        Close.Assert(0.9, shares["group{e0}"], 1e-13);
        Close.Assert(0.1 * 0.6 / 2, shares["group{e0, e2}"], 1e-13);
        Close.Assert(0.1 * 0.4, shares["group{e0, e1, e2}"], 1e-13);
    }

    [Theory]
    [InlineData(TestScheme.NonStaggered)]
    [InlineData(TestScheme.Staggered)]
    public void AlphaFactor_OfThree_HasTheSharesOfItsTests(TestScheme tests)
    {
        var graph = Expanded(3, 2, new AlphaFactor([0.95, 0.03, 0.02], tests));
        var shares = graph.Events.ToDictionary(item => item.Id, item => item.Probability / Total);
        var staggered = tests == TestScheme.Staggered;
        var mean = 0.95 + (2 * 0.03) + (3 * 0.02);

        Close.Assert(staggered ? 0.95 : 0.95 / mean, shares["group{e1}"], 1e-13);
        Close.Assert(staggered ? 0.03 / 2 : 0.03 / mean, shares["group{e0, e1}"], 1e-13);
        Close.Assert(staggered ? 0.02 : 3 * 0.02 / mean, shares["group{e0, e1, e2}"], 1e-13);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Shares_AddUpToTheTotal(CommonCauseModel model, int members)
    {
        var graph = Expanded(members, 1, model);

        var sum = graph.Events.Where(item => item.Id.Contains("e0", StringComparison.Ordinal))
            .Sum(item => item.Probability);

        Close.Assert(Total, sum, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Probability_IsThatOfCountingAllStates(CommonCauseModel model, int members)
    {
        for (var needed = 1; needed <= members; needed++)
        {
            var graph = Expanded(members, needed, model);
            Close.Assert(Enumerate(graph, members, needed), Solve(graph), 1e-12);
        }
    }

    [Fact]
    public void GreekLettersOfOne_AreTheBetaFactor() => Close.Assert(
        Solve(Expanded(4, 3, new BetaFactor(0.07))),
        Solve(Expanded(4, 3, new MultipleGreekLetter([0.07, 1, 1]))),
        1e-14);

    [Fact]
    public void Groups_ThatDoNotFit_AreRefusedAllAtOnce()
    {
        var graph = new FaultGraphBuilder("test")
            .AddEvent("a", 0.1).AddEvent("b", 0.1).AddEvent("c", 0.2).AddEvent("d", 0.1)
            .AddGate("top", GateKind.And, ["a", "b", "c", "d"])
            .Build();

        var error = Assert.Throws<InvalidModelException>(() => CommonCauseExpansion.Apply(
            graph,
            [
                new("beta", ["a", "b"], new BetaFactor(double.NaN)),
                new("again", ["b", "d"], new BetaFactor(0.1)),
                new("unequal", ["d", "c"], new BetaFactor(0.1)),
                new("one", ["a"], new BetaFactor(0.1)),
                new("gate", ["top", "nothing"], new MultipleGreekLetter([])),
                new("sum", ["x", "y"], new AlphaFactor([0.5, 0.4], TestScheme.Staggered)),
            ]));

        Assert.Equal(
            ["again", "beta", "gate", "gate", "gate", "one", "sum", "sum", "sum", "unequal", "unequal"],
            error.Errors.Select(item => item.Element).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.9)]
    [InlineData(0)]
    public void ImperfectCoverage_OfAPair_HasItsClosedForm(double coverage)
    {
        var graph = SwitchOverExpansion.Apply(Pair(GateKind.And), [new ImperfectCoverage("pair", coverage)]);

        // Both failed, or one of them and not coped with.
        var (a, b) = (0.1, 0.2);
        var one = (a * (1 - b)) + (b * (1 - a));
        Close.Assert((a * b) + (one * (1 - coverage)), Solve(graph), 1e-13);
    }

    [Fact]
    public void ImperfectCoverage_MakesMorePartsWorseInTheEnd()
    {
        var probabilities = Enumerable.Range(1, 8).Select(count =>
        {
            var graph = Redundant(count, count);
            return Solve(SwitchOverExpansion.Apply(graph, [new ImperfectCoverage("top", 0.99)]));
        }).ToArray();

        var best = Array.IndexOf(probabilities, probabilities.Min());
        Assert.InRange(best, 1, 3);
        Assert.True(probabilities[7] > 2 * probabilities[best]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.95)]
    [InlineData(0)]
    public void StandbySwitch_HasItsClosedForm(double success)
    {
        var graph = SwitchOverExpansion.Apply(Pair(GateKind.And), [new StandbySwitch("pair", success)]);

        Close.Assert(0.1 * (1 - (success * 0.8)), Solve(graph), 1e-13);
    }

    [Fact]
    public void RulesThatDoNotFit_AreRefusedAllAtOnce()
    {
        var error = Assert.Throws<InvalidModelException>(() => SwitchOverExpansion.Apply(
            Pair(GateKind.Or),
            [new StandbySwitch("pair", 2), new StandbySwitch("absent", 1), new ImperfectCoverage("pair", 1)]));

        Assert.Equal(
            ["absent", "pair", "pair", "pair", "pair"], error.Errors.Select(item => item.Element).Order());
    }

    [Fact]
    public void Demands_KeepTheirDigits()
    {
        Close.Assert(1e-15 * 1000, Demands.AnyFails(1e-15, 1000), 1e-12);
        Close.Assert(1 - Math.Pow(0.7, 3), Demands.AnyFails(0.3, 3), 1e-14);
        Assert.Equal(0, Demands.AnyFails(0.3, 0));
        Assert.Equal(1, Demands.AnyFails(1, 2));
        Close.Assert(0.1 + (0.9 * 0.2), Demands.Unready(0.1, 0.2), 1e-15);
    }

    private static FaultGraph Pair(GateKind kind) => new FaultGraphBuilder("pair")
        .AddEvent("a", 0.1).AddEvent("b", 0.2).AddGate("pair", kind, ["a", "b"]).Build();

    private static FaultGraph Redundant(int members, int needed)
    {
        var builder = new FaultGraphBuilder("test");
        var ids = Enumerable.Range(0, members).Select(i => $"e{i}").ToImmutableArray();
        foreach (var id in ids)
        {
            builder.AddEvent(id, Total);
        }

        return (needed == members
            ? builder.AddGate("top", GateKind.And, ids)
            : builder.AddAtLeast("top", needed, ids)).Build();
    }

    private static FaultGraph Expanded(int members, int needed, CommonCauseModel model)
    {
        var ids = Enumerable.Range(0, members).Select(i => $"e{i}").ToImmutableArray();
        return CommonCauseExpansion.Apply(Redundant(members, needed), [new CommonCauseGroup("group", ids, model)]);
    }

    private static double Solve(FaultGraph graph) =>
        FaultAnalysis.Run(graph, new AnalysisOptions(), TestContext.Current.CancellationToken).Probability.Lower;

    private static double Enumerate(FaultGraph graph, int members, int needed)
    {
        var sum = 0.0;
        for (var state = 0; state < 1 << graph.Events.Length; state++)
        {
            var (weight, failed) = (1.0, new bool[members]);
            for (var e = 0; e < graph.Events.Length; e++)
            {
                var isTrue = (state >> e & 1) == 1;
                weight *= isTrue ? graph.Events[e].Probability : 1 - graph.Events[e].Probability;
                for (var i = 0; isTrue && i < members; i++)
                {
                    failed[i] |= graph.Events[e].Id.Contains($"e{i}", StringComparison.Ordinal);
                }
            }

            sum += failed.Count(value => value) >= needed ? weight : 0;
        }

        return sum;
    }
}
