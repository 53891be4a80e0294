using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Orders;

/// <summary>
/// Static variable orders of a module. Which one is small can't be known beforehand, so several are tried.
/// </summary>
/// <remarks>An order gives each input, by its place in <see cref="Module.Inputs"/>, its level.</remarks>
internal static class VariableOrders
{
    /// <summary>The candidates, the ones most often best first.</summary>
    public static IEnumerable<Func<Module, int[]>> Candidates =>
    [
        module => DepthFirst(module, SmallestFirst(module)),
        module => ForceOrder.Improve(module, AsWritten(module)),
        AsWritten,
        module => DepthFirst(module, MostSharedFirst(module)),
        BreadthFirst,
        module => DepthFirst(module, LargestFirst(module)),
    ];

    /// <summary>The inputs as a walk from the module's root meets them; modules are cut in that order.</summary>
    public static int[] AsWritten(Module module) => [.. Enumerable.Range(0, module.Inputs.Length)];

    private static int[] BreadthFirst(Module module)
    {
        var order = new OrderWriter(module.Inputs.Length);
        var seen = new bool[module.Inputs.Length + module.Gates.Length + 1];
        var pending = new Queue<int>([seen.Length - 1]);
        while (pending.TryDequeue(out var node))
        {
            if (seen[node])
            {
                continue;
            }

            seen[node] = true;
            if (node <= module.Inputs.Length)
            {
                order.Place(node - 1);
                continue;
            }

            foreach (var argument in GateAt(module, node).Arguments)
            {
                pending.Enqueue(Literal.Node(argument));
            }
        }

        return order.Levels;
    }

    private static int[] DepthFirst(Module module, long[] keys)
    {
        var order = new OrderWriter(module.Inputs.Length);
        var seen = new bool[keys.Length];
        var pending = new Stack<int>([keys.Length - 1]);
        while (pending.TryPop(out var node))
        {
            if (seen[node])
            {
                continue;
            }

            seen[node] = true;
            if (node <= module.Inputs.Length)
            {
                order.Place(node - 1);
                continue;
            }

            // Pushed last is met first.
            foreach (var argument in GateAt(module, node).Arguments
                .Select(Literal.Node).Reverse().OrderByDescending(child => keys[child]))
            {
                pending.Push(argument);
            }
        }

        return order.Levels;
    }

    // The tree below each node, as if nothing were shared: what a gate's expansion would cost.
    private static long[] SmallestFirst(Module module)
    {
        const long limit = long.MaxValue / (1 << 24);
        var sizes = new long[module.Inputs.Length + module.Gates.Length + 1];
        sizes.AsSpan(0, module.Inputs.Length + 1).Fill(1);
        for (var g = 0; g < module.Gates.Length; g++)
        {
            var size = module.Gates[g].Arguments.Sum(argument => Math.Min(limit, sizes[Literal.Node(argument)]));
            sizes[module.Inputs.Length + 1 + g] = Math.Min(limit, size);
        }

        return sizes;
    }

    private static long[] LargestFirst(Module module) => Array.ConvertAll(SmallestFirst(module), size => -size);

    private static long[] MostSharedFirst(Module module)
    {
        var keys = new long[module.Inputs.Length + module.Gates.Length + 1];
        foreach (var argument in module.Gates.SelectMany(gate => gate.Arguments))
        {
            keys[Literal.Node(argument)]--;
        }

        return keys;
    }

    private static FormulaNode GateAt(Module module, int node) => module.Gates[node - module.Inputs.Length - 1];

    private sealed class OrderWriter
    {
        private int _next;

        public OrderWriter(int count) => Levels = new int[count];

        public int[] Levels { get; }

        public void Place(int input) => Levels[input] = _next++;
    }
}
