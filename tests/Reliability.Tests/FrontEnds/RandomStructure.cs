using System.Globalization;
using Continuity.Reliability.BlockDiagrams;
using Continuity.Reliability.Graphs;
using CsCheck;

namespace Continuity.Reliability.Tests.FrontEnds;

/// <summary>
/// A coherent structure of components, told to each front end in its own words and solved here by trying all states.
/// </summary>
internal sealed record RandomStructure(double[] Failures, IReadOnlyList<RandomStructure.Part> Parts)
{
    private const int MaxComponents = 8;
    private const int MaxParts = 6;
    private static readonly double[] _probabilities = [0, 1e-200, 1e-9, 0.01, 0.3, 0.5, 0.9, 1 - 1e-16, 1];

    // Over places of components, and of parts behind them. What makes it up, in words of what works.
    public sealed record Part(BlockKind Kind, int[] Of, int Needed);

    public static readonly Gen<RandomStructure> Any =
        from components in Gen.Int[5, MaxComponents]
        from parts in Gen.Int[1, MaxParts]
        from seed in Gen.Int
        select Make(components, parts, new Random(seed));

    /// <summary>That the last part does not work.</summary>
    public double Solve()
    {
        var sum = 0.0;
        for (var down = 0; down < 1 << Failures.Length; down++)
        {
            if (!Works(down))
            {
                sum += Failures.Select((f, i) => (down >> i & 1) == 1 ? f : 1 - f).Aggregate(1.0, (p, q) => p * q);
            }
        }

        return sum;
    }

    public FaultGraph AsBlockDiagram()
    {
        var diagram = new BlockDiagram("structure");
        for (var i = 0; i < Failures.Length; i++)
        {
            diagram.AddComponent(Id(i), Failures[i]);
        }

        for (var i = 0; i < Parts.Count; i++)
        {
            diagram.Add(new Block(Id(Failures.Length + i), Parts[i].Kind, Names(Parts[i]))
            {
                Needed = Parts[i].Kind == BlockKind.Vote ? Parts[i].Needed : 0,
            });
        }

        return diagram.Build(Id(Failures.Length + Parts.Count - 1));
    }

    // A part is down when too many of what it is made of are; a bridge by its four cuts.
    public FaultGraph AsFaultTree()
    {
        var builder = new FaultGraphBuilder("structure");
        for (var i = 0; i < Failures.Length; i++)
        {
            builder.AddEvent(Id(i), Failures[i]);
        }

        for (var i = 0; i < Parts.Count; i++)
        {
            var (id, part) = (Id(Failures.Length + i), Parts[i]);
            var names = Names(part);
            if (part.Kind == BlockKind.Bridge)
            {
                int[][] cuts = [[0, 1], [2, 3], [0, 4, 3], [1, 4, 2]];
                for (var c = 0; c < cuts.Length; c++)
                {
                    builder.AddGate($"{id}.{c}", GateKind.And, [.. cuts[c].Select(place => names[place])]);
                }

                builder.AddGate(id, GateKind.Or, [.. cuts.Index().Select(cut => $"{id}.{cut.Index}")]);
            }
            else
            {
                builder.AddAtLeast(id, names.Length - part.Needed + 1, names);
            }
        }

        return builder.SetTop(Id(Failures.Length + Parts.Count - 1)).Build();
    }

    // A part that never fails by itself and needs what it is made of; a bridge needs one of its four paths.
    public FaultGraph AsDependencies()
    {
        var graph = new DependencyGraph("structure");
        for (var i = 0; i < Failures.Length; i++)
        {
            graph.Add(Id(i), Failures[i], []);
        }

        for (var i = 0; i < Parts.Count; i++)
        {
            var (id, part) = (Id(Failures.Length + i), Parts[i]);
            var names = Names(part);
            if (part.Kind == BlockKind.Bridge)
            {
                int[][] paths = [[0, 2], [1, 3], [0, 4, 3], [1, 4, 2]];
                for (var p = 0; p < paths.Length; p++)
                {
                    graph.Add($"{id}.{p}", 0, [Need.All([.. paths[p].Select(place => names[place])])]);
                }

                graph.Add(id, 0, [Need.Any([.. paths.Index().Select(path => $"{id}.{path.Index}")])]);
            }
            else
            {
                graph.Add(id, 0, [new Need(part.Needed, names)]);
            }
        }

        return graph.Build(Id(Failures.Length + Parts.Count - 1));
    }

    private static RandomStructure Make(int components, int parts, Random random)
    {
        var failures = new double[components];
        for (var i = 0; i < components; i++)
        {
            failures[i] = _probabilities[random.Next(_probabilities.Length)];
        }

        var made = new List<Part>();
        for (var i = 0; i < parts; i++)
        {
            var kind = (BlockKind)random.Next(4);
            var count = kind == BlockKind.Bridge ? 5 : random.Next(2, 5);
            var places = Enumerable.Range(0, components + i).ToArray();
            random.Shuffle(places);

            // The part before is always in, so that the last one is made of many.
            int[] of = [.. (i > 0 ? places.Where(place => place != components + i - 1) : places)
                .Take(i > 0 ? count - 1 : count), .. i > 0 ? [components + i - 1] : Array.Empty<int>()];
            made.Add(new Part(kind, of, kind switch
            {
                BlockKind.Series => count,
                BlockKind.Parallel => 1,
                _ => random.Next(1, count + 1),
            }));
        }

        return new RandomStructure(failures, made);
    }

    private bool Works(int down)
    {
        var works = new List<bool>(Enumerable.Range(0, Failures.Length).Select(i => (down >> i & 1) == 0));
        foreach (var part in Parts)
        {
            var of = part.Of.Select(place => works[place]).ToArray();
            works.Add(part.Kind == BlockKind.Bridge
                ? (of[0] && of[2]) || (of[1] && of[3]) || (of[4] && ((of[0] && of[3]) || (of[1] && of[2])))
                : of.Count(one => one) >= part.Needed);
        }

        return works[^1];
    }

    private string[] Names(Part part) => Array.ConvertAll(part.Of, Id);

    private string Id(int place) => place < Failures.Length
        ? string.Create(CultureInfo.InvariantCulture, $"c{place}")
        : string.Create(CultureInfo.InvariantCulture, $"p{place - Failures.Length}");
}
