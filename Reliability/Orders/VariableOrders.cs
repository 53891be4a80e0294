using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Orders;

/// <summary>
/// Static variable orders of a module. Which one is small can't be known beforehand, so several are tried.
/// </summary>
/// <remarks>An order gives each input, by its place in <see cref="Module.Inputs"/>, its level.</remarks>
internal static class VariableOrders
{
    /// <summary>The candidates, the ones most often best first.</summary>
    public static int[][] Candidates(Module module, Hyperedges edges)
    {
        var sizes = Sizes(module);
        var smallest = DepthFirst(module, sizes);
        var largest = LargestFirst(module, sizes);
        var written = AsWritten(module);
        var shared = DepthFirst(module, Uses(module));
        int[][] starts = [largest, written, smallest, shared];
        var forced = new int[starts.Length][];
        Parallel.For(0, starts.Length, i => forced[i] = ForceOrder.Improve(edges, starts[i]));
        return [smallest, largest, forced[0], forced[1], shared, forced[2], written, forced[3]];
    }

    /// <summary>An order that is good enough where any is, and found at once.</summary>
    public static int[] LargestFirst(Module module) => LargestFirst(module, Sizes(module));

    /// <summary>The inputs as a walk from the module's root meets them; modules are cut in that order.</summary>
    public static int[] AsWritten(Module module) => [.. Enumerable.Range(0, module.Inputs.Length)];

    private static int[] LargestFirst(Module module, long[] sizes) =>
        DepthFirst(module, Array.ConvertAll(sizes, size => -size));

    private static int[] DepthFirst(Module module, long[] keys)
    {
        var walk = new Walk(module);
        var pending = new Stack<int>([walk.Root]);
        while (pending.TryPop(out var node))
        {
            // Pushed last is met first.
            foreach (var child in walk.Open(node).Reverse().OrderByDescending(child => keys[child]))
            {
                pending.Push(child);
            }
        }

        return walk.Levels;
    }

    // The tree below each node, as if nothing were shared: what a gate's expansion would cost.
    private static long[] Sizes(Module module)
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

    // Less than nothing for each use, so that the most used is met first.
    private static long[] Uses(Module module)
    {
        var keys = new long[module.Inputs.Length + module.Gates.Length + 1];
        foreach (var argument in module.Gates.SelectMany(gate => gate.Arguments))
        {
            keys[Literal.Node(argument)]--;
        }

        return keys;
    }

    // Every node is opened once, whoever decides which is next; inputs get their levels as they are met.
    private sealed class Walk(Module module)
    {
        private readonly bool[] _seen = new bool[module.Inputs.Length + module.Gates.Length + 1];
        private int _next;

        public int[] Levels { get; } = new int[module.Inputs.Length];

        public int Root => _seen.Length - 1;

        /// <summary>The nodes below one that is met for the first time.</summary>
        public IEnumerable<int> Open(int node)
        {
            if (_seen[node])
            {
                return [];
            }

            _seen[node] = true;
            if (node > module.Inputs.Length)
            {
                return module.Gates[node - module.Inputs.Length - 1].Arguments.Select(Literal.Node);
            }

            Levels[node - 1] = _next++;
            return [];
        }
    }
}
