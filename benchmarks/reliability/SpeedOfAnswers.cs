using System.Diagnostics;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Distributions;
using Continuity.Reliability.Living;
using Continuity.Reliability.Uncertainty;

namespace Continuity.Reliability.Benchmarks;

/// <summary>What a built model takes to be asked again: for samples of its parameters, and for what-ifs.</summary>
internal static class SpeedOfAnswers
{
    private const int Rounds = 3;
    private const int Samples = 100_000;
    private const int Sites = 20;
    private const int ReplicasPerSite = 480;
    private const int Changes = 30;

    public static IEnumerable<string> Sampling(Tree tree)
    {
        var graph = tree.Read();
        var evaluator = FaultAnalysis.Run(graph, new AnalysisOptions(), CancellationToken.None).Evaluator;
        Dictionary<string, Func<double, Distribution>> shapes = new()
        {
            ["lognormal"] = p => new LognormalDistribution(Math.Log(p), 0.5),
            ["gamma"] = p => new GammaDistribution(2, 2 / p),
            ["beta"] = p => new BetaDistribution(2, 2 / p),
        };
        foreach (var (name, of) in shapes)
        {
            var builder = new UncertaintyModelBuilder(graph);
            foreach (var item in graph.Events)
            {
                builder.Use(item.Id, of(item.Probability));
            }

            var model = builder.Build();
            foreach (var method in Enum.GetValues<SamplingMethod>())
            {
                var options = new UncertaintyOptions { Samples = Samples, Method = method, Seed = 1 };
                var seconds = Enumerable.Range(0, Rounds)
                    .Select(_ => Timed(
                        () => UncertaintyAnalysis.Run(evaluator, model, options, CancellationToken.None)))
                    .Order().Select(time => $"{time:0.000}");
                yield return $"{tree.Name},{name},{method},{Samples} samples,{string.Join(" ", seconds)} s";
            }
        }
    }

    public static IEnumerable<string> WhatIfs()
    {
        var topology = new PlatformTopology
        {
            Sites = [.. Enumerable.Range(0, Sites).Select(site => new TopologySite($"s{site}", site % 2))],
            Services =
            [
                new("large", [.. Enumerable.Range(0, Sites * ReplicasPerSite)
                    .Select(i => new TopologyReplica($"r{i}", $"s{i / ReplicasPerSite}"))]),
            ],
        };
        SubjectModel? service = null;
        var compile = Timed(() => service = LivingModel
            .Compile(topology, new PlatformAssumptions(), CancellationToken.None)
            .Find(SubjectKind.Service, "large"));
        // As the living model does: every subject is assessed, which asks its own what-ifs, before anybody else asks.
        service!.Assess(CancellationToken.None);
        var nodes = service.Graph.Events.Length + service.Graph.Gates.Length;
        var times = Enumerable.Range(0, Changes)
            .Select(i => new WhatIf { Description = "", NewSite = i % 2 == 0, RepairFactor = 0.5 + (i / 100.0) })
            .Select(change => 1000 * Timed(() => service.Evaluate(change)))
            .Order().ToArray();
        yield return $"what-if,{nodes} nodes,compiled in {compile:0.000} s,{Changes} changes: "
            + $"median {times[Changes / 2]:0.000} ms, largest {times[^1]:0.000} ms, "
            + $"{times.Count(time => time > 5)} above 5 ms";
    }

    private static double Timed<T>(Func<T> run)
    {
        var clock = Stopwatch.StartNew();
        run();
        return clock.Elapsed.TotalSeconds;
    }
}
