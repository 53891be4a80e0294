using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.Bounds;

/// <summary>
/// Makes a function small by giving up its least probable parts: false for a lower bound, true for an upper one.
/// </summary>
/// <remarks>
/// Whatever is chosen, the result implies the function, or is implied by it. What is chosen decides only how close it
/// stays: the probability of coming to a node, times that of what would be lost there.
/// </remarks>
internal sealed class Trimming(DecisionDiagram diagram, double[] probabilityAtLevel)
{
    private readonly List<int> _nodes = [];
    private readonly Stack<int> _pending = [];
    private int[] _places = [];

    /// <summary>Whether any function was changed so far.</summary>
    public int Changes { get; private set; }

    /// <summary>The function, or one below it (above it, for an upper bound) of at most so many nodes.</summary>
    public int Trim(int function, int maxNodes, bool isUpper)
    {
        if (diagram.Count <= maxNodes || Edge.IsConstant(function) || !Gather(function, maxNodes))
        {
            return function;
        }

        Changes++;
        GatherAll(function);
        var losses = Losses(function, isUpper);
        var sorted = losses.ToArray();
        Array.Sort(sorted);
        var threshold = sorted[Math.Max(0, sorted.Length - Math.Max(1, maxNodes / 2))];
        return Rebuild(function, losses, threshold, isUpper ? Edge.True : Edge.False);
    }

    // Whether the function has more nodes than that; stops as soon as it knows.
    private bool Gather(int function, int maxNodes)
    {
        Begin(function);
        while (_pending.TryPop(out var node))
        {
            Expand(node);
            if (_nodes.Count > maxNodes)
            {
                return true;
            }
        }

        return false;
    }

    private void GatherAll(int function)
    {
        Begin(function);
        while (_pending.TryPop(out var node))
        {
            Expand(node);
        }

        // Children first.
        _nodes.Sort();
        for (var i = 0; i < _nodes.Count; i++)
        {
            _places[_nodes[i]] = i + 1;
        }
    }

    private void Begin(int function)
    {
        foreach (var node in _nodes)
        {
            _places[node] = 0;
        }

        if (_places.Length < diagram.Count)
        {
            _places = new int[diagram.Count * 2];
        }

        _nodes.Clear();
        _pending.Clear();
        Visit(Edge.Node(function));
    }

    private void Expand(int node)
    {
        Visit(Edge.Node(diagram.Nodes[node].Low));
        Visit(Edge.Node(diagram.Nodes[node].High));
    }

    private void Visit(int node)
    {
        if (node != 0 && _places[node] == 0)
        {
            _places[node] = 1;
            _nodes.Add(node);
            _pending.Push(node);
        }
    }

    // By place and sign: what would be lost where that function became a constant.
    private double[] Losses(int function, bool isUpper)
    {
        var nodes = diagram.Nodes;
        var count = _nodes.Count;
        var values = new double[(2 * count) + 2];
        values[Edge.True] = 1;
        for (var i = 0; i < count; i++)
        {
            ref readonly var node = ref nodes[_nodes[i]];
            var p = probabilityAtLevel[node.Level];
            for (var sign = 0; sign <= 1; sign++)
            {
                values[(2 * i) + 2 + sign] =
                    (p * values[Place(node.High) ^ sign]) + ((1 - p) * values[Place(node.Low) ^ sign]);
            }
        }

        var masses = new double[values.Length];
        masses[Place(function)] = 1;
        for (var place = values.Length - 1; place >= 2; place--)
        {
            if (masses[place] > 0)
            {
                ref readonly var node = ref nodes[_nodes[(place / 2) - 1]];
                var p = probabilityAtLevel[node.Level];
                masses[Place(node.High) ^ (place & 1)] += masses[place] * p;
                masses[Place(node.Low) ^ (place & 1)] += masses[place] * (1 - p);
            }
        }

        for (var place = 2; place < values.Length; place++)
        {
            values[place] = masses[place] * (isUpper ? values[place ^ 1] : values[place]);
        }

        return values[2..];
    }

    private int Rebuild(int function, double[] losses, double threshold, int constant)
    {
        var results = new int[losses.Length + 2];
        results[Edge.True] = Edge.True;
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = diagram.Nodes[_nodes[i]];
            for (var sign = 0; sign <= 1; sign++)
            {
                var place = (2 * i) + 2 + sign;
                results[place] = losses[place - 2] < threshold || losses[place - 2] == 0
                    ? constant
                    : diagram.MakeNode(
                        node.Level, results[Place(node.Low) ^ sign], results[Place(node.High) ^ sign]);
            }
        }

        return results[Place(function)];
    }

    private int Place(int edge) => Edge.IsConstant(edge) ? edge : (2 * _places[Edge.Node(edge)]) | (edge & 1);
}
