using System.Numerics;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.BlockDiagrams;
using Continuity.Reliability.Graphs;
using CsCheck;

namespace Continuity.Reliability.Tests.BlockDiagrams;

/// <summary>Front ends give the answer that trying all states of all components gives.</summary>
public sealed class BlockDiagramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Series_OfTheSourceDocument_Is0941094()
    {
        var graph = new BlockDiagram("series").AddComponent("a", 0.01).AddComponent("b", 0.02).AddComponent("c", 0.03)
            .Add(new Block("site", BlockKind.Series, ["a", "b", "c"]))
            .Build();

        Assert.Equal(0.941094, 1 - Solve(graph), 1e-15);
    }

    [Fact]
    public void AVote_WorksWhileEnoughPartsDo()
    {
        var graph = new BlockDiagram("vote").AddComponent("a", 0.1).AddComponent("b", 0.2).AddComponent("c", 0.3)
            .Add(new Block("whole", BlockKind.Vote, ["a", "b", "c"]) { Needed = 2 })
            .Build();

        Assert.Equal(0.098, Solve(graph), 1e-15);
    }

    // A bridge works when a path leads from in to out; the paths are written down here, the library knows the cuts.
    [Fact]
    public void ABridge_WorksWhileAPathDoes() =>
        Gen.Double[0, 1].Array[5].Sample(failures =>
        {
            string[] ids = ["a", "b", "c", "d", "e"];
            var diagram = new BlockDiagram("bridge");
            foreach (var (id, failure) in ids.Zip(failures))
            {
                diagram.AddComponent(id, failure);
            }

            var graph = diagram.Add(new Block("whole", BlockKind.Bridge, ids)).Build();

            int[] paths = [0b00101, 0b01010, 0b11001, 0b10110];
            var works = 0.0;
            for (var up = 0; up < 32; up++)
            {
                if (paths.Any(path => (up & path) == path))
                {
                    works += failures.Select((f, i) => (up >> i & 1) == 1 ? 1 - f : f).Aggregate(1.0, (p, q) => p * q);
                }
            }

            Assert.Equal(1 - works, Solve(graph), 1e-12);
        });

    [Fact]
    public void APlatform_IsDownWhenANeedIsNotMet()
    {
        var graph = new DependencyGraph("platform")
            .Add("api", 0.01, [Need.All("database"), new Need(2, ["east", "west", "north"])])
            .Add("database", 0.02, [])
            .Add("east", 0.1, []).Add("west", 0.1, []).Add("north", 0.1, [])
            .Build();

        var expected = 0.0;
        double[] failures = [0.01, 0.02, 0.1, 0.1, 0.1];
        for (var down = 0; down < 32; down++)
        {
            if ((down & 3) != 0 || BitOperations.PopCount((uint)down >> 2) > 1)
            {
                expected += failures.Select((f, i) => (down >> i & 1) == 1 ? f : 1 - f).Aggregate(1.0, (p, q) => p * q);
            }
        }

        Assert.Equal("api", graph.IdOf(graph.Top));
        Assert.Equal(expected, Solve(graph), 1e-15);
        Assert.Equal(0.02, Solve(graph.WithTop("database")), 1e-15);
    }

    [Fact]
    public void WhatMakesNoSense_IsRefusedAllAtOnce()
    {
        var diagram = new BlockDiagram("bad").AddComponent("a", 1.5)
            .Add(new Block("vote", BlockKind.Vote, ["a"]) { Needed = 2, Line = 7 })
            .Add(new Block("bridge", BlockKind.Bridge, ["a", "vote"]));
        var circle = new DependencyGraph("circle").Add("a", 0, [Need.Any("b")]).Add("b", 0, [Need.Any("a")]);

        var errors = Assert.Throws<InvalidModelException>(() => diagram.Build()).Errors;

        Assert.Equal(["vote", "bridge", "a"], errors.Select(error => error.Element));
        Assert.Equal(7, errors[0].Line);
        Assert.Contains(
            "depends on itself", Assert.Throws<InvalidModelException>(() => circle.Build("a")).Message,
            StringComparison.Ordinal);
    }

    private static double Solve(FaultGraph graph) =>
        FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Probability.Lower;
}
