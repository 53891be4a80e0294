using System.Globalization;
using Continuity.Reliability.Graphs;
using CsCheck;

namespace Continuity.Reliability.Tests.Graphs;

/// <summary>Models of every kind of gate, small enough to be solved by trying all states.</summary>
internal static class RandomGraph
{
    private const int MaxEvents = 9;
    private const int MaxGates = 12;

    // Products of all of them but two of the smallest stay normal numbers, which have all their digits.
    private static readonly double[] _probabilities = [0, 1e-200, 1e-9, 0.01, 0.3, 0.5, 0.9, 1 - 1e-16, 1];

    public static readonly Gen<FaultGraph> Any = Of([.. Enum.GetValues<GateKind>()]);

    public static readonly Gen<FaultGraph> Coherent = Of([GateKind.And, GateKind.Or, GateKind.AtLeast]);

    private static Gen<FaultGraph> Of(GateKind[] kinds) =>
        from events in Gen.Int[1, MaxEvents]
        from gates in Gen.Int[1, MaxGates]
        from seed in Gen.Int
        select Make(kinds, events, gates, new Random(seed));

    /// <summary>The probability of the top, by trying all states of all events.</summary>
    public static double Solve(FaultGraph graph)
    {
        var probabilities = graph.Probabilities();
        var sum = 0.0;
        for (var state = 0; state < 1 << probabilities.Length; state++)
        {
            if (IsTrue(graph, state))
            {
                sum += Enumerable.Range(0, probabilities.Length).Aggregate(
                    1.0,
                    (product, e) => product * ((state >> e & 1) == 1 ? probabilities[e] : 1 - probabilities[e]));
            }
        }

        return sum;
    }

    /// <summary>Whether the top is true where exactly the events of these bits are.</summary>
    public static bool IsTrue(FaultGraph graph, int state)
    {
        var gates = new bool[graph.Gates.Length];
        for (var g = 0; g < gates.Length; g++)
        {
            var gate = graph.Gates[g];
            var count = gate.Arguments.Count(Value);
            gates[g] = gate.Kind switch
            {
                GateKind.And => count == gate.Arguments.Length,
                GateKind.Or => count > 0,
                GateKind.AtLeast => count >= gate.Threshold,
                GateKind.Not or GateKind.Nor => count == 0,
                GateKind.Xor => count % 2 == 1,
                _ => count < gate.Arguments.Length,
            };
        }

        return Value(graph.Top);

        bool Value(GraphNode node) => node.Kind switch
        {
            NodeKind.Event => (state >> node.Index & 1) == 1,
            NodeKind.House => graph.HouseEvents[node.Index].State,
            _ => gates[node.Index],
        };
    }

    private static FaultGraph Make(GateKind[] kinds, int events, int gates, Random random)
    {
        var builder = new FaultGraphBuilder("random").AddHouse("on", true).AddHouse("off", false);
        var ids = new List<string> { "on", "off" };
        for (var e = 0; e < events; e++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"e{e}");
            builder.AddEvent(id, _probabilities[random.Next(_probabilities.Length)], e == 0 ? "a <\"b\"> & ü" : null);
            ids.AddRange([id, id, id]);
        }

        for (var g = 0; g < gates; g++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"g{g}");
            var kind = kinds[random.Next(kinds.Length)];
            var count = kind == GateKind.Not ? 1 : random.Next(2, 5);
            var arguments = Enumerable.Range(0, count).Select(_ => ids[random.Next(ids.Count)]).ToList();
            if (kind == GateKind.AtLeast)
            {
                builder.AddAtLeast(id, random.Next(1, count + 1), arguments);
            }
            else
            {
                builder.AddGate(id, kind, arguments);
            }

            // Later gates prefer late ones, so that there is depth.
            ids.AddRange(Enumerable.Repeat(id, 1 + g));
        }

        return builder.SetTop(ids[^1]).Build();
    }
}
