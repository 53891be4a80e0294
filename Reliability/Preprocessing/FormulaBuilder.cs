using System.Runtime.InteropServices;

namespace Continuity.Reliability.Preprocessing;

/// <summary>
/// Makes formula nodes: folds constants, drops repeats and contradictions, and never makes a node twice.
/// </summary>
internal sealed class FormulaBuilder
{
    private readonly List<FormulaNode> _nodes = [new FormulaNode(FormulaKind.False, 0, [])];
    private readonly Dictionary<int, int> _variables = [];
    private readonly Dictionary<FormulaNode, int> _known = new(SameNode.Instance);
    private readonly List<int> _arguments = [];
    private readonly int _eventCount;

    public FormulaBuilder(int eventCount) => _eventCount = eventCount;

    public int Count => _nodes.Count;

    public FormulaNode this[int node] => _nodes[node];

    public Formula Build(int root) => new([.. _nodes], root, _eventCount);

    public int Variable(int number)
    {
        ref var literal = ref CollectionsMarshal.GetValueRefOrAddDefault(_variables, number, out var exists);
        if (!exists)
        {
            literal = Literal.Of(_nodes.Count);
            _nodes.Add(new FormulaNode(FormulaKind.Variable, number, []));
        }

        return literal;
    }

    public int Or(IEnumerable<int> arguments) => Literal.Not(And(arguments.Select(Literal.Not)));

    /// <summary>The conjunction, in the order of the first appearance of each argument.</summary>
    public int And(IEnumerable<int> arguments)
    {
        _arguments.Clear();
        var seen = new HashSet<int>();
        foreach (var argument in arguments)
        {
            if (argument == Literal.False || seen.Contains(Literal.Not(argument)))
            {
                return Literal.False;
            }

            if (argument != Literal.True && seen.Add(argument))
            {
                _arguments.Add(argument);
            }
        }

        return _arguments.Count switch
        {
            0 => Literal.True,
            1 => _arguments[0],
            _ => Intern(FormulaKind.And, 0),
        };
    }

    /// <summary>True when an odd number of arguments is: negations move out, pairs cancel.</summary>
    public int Xor(IEnumerable<int> arguments)
    {
        var negated = 0;
        var odd = new HashSet<int>();
        var order = new List<int>();
        foreach (var argument in arguments)
        {
            negated ^= Literal.Sign(argument);
            var plain = argument & ~1;
            order.Add(plain);
            if (plain != Literal.False && !odd.Add(plain))
            {
                odd.Remove(plain);
            }
        }

        _arguments.Clear();
        _arguments.AddRange(order.Where(odd.Remove));

        var literal = _arguments.Count switch
        {
            0 => Literal.False,
            1 => _arguments[0],
            _ => Intern(FormulaKind.Xor, 0),
        };
        return literal ^ negated;
    }

    /// <summary>At least this many of the arguments; an argument that is given twice counts twice.</summary>
    public int AtLeast(int threshold, IReadOnlyList<int> arguments)
    {
        var needed = threshold - arguments.Count(argument => argument == Literal.True);
        var open = arguments.Where(argument => argument > Literal.True).ToList();
        if (needed <= 0)
        {
            return Literal.True;
        }

        if (needed > open.Count)
        {
            return Literal.False;
        }

        if (needed == open.Count)
        {
            return And(open);
        }

        if (needed == 1)
        {
            return Or(open);
        }

        _arguments.Clear();
        _arguments.AddRange(open);
        return Intern(FormulaKind.AtLeast, needed);
    }

    // Nodes with the same arguments in another order are the same; the first order is kept, as the model's author
    // wrote related things side by side.
    private int Intern(FormulaKind kind, int number)
    {
        var node = new FormulaNode(kind, number, [.. _arguments]);
        ref var literal = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, node, out var exists);
        if (!exists)
        {
            literal = Literal.Of(_nodes.Count);
            _nodes.Add(node);
        }

        return literal;
    }

    private sealed class SameNode : IEqualityComparer<FormulaNode>
    {
        public static readonly SameNode Instance = new();

        public bool Equals(FormulaNode x, FormulaNode y)
        {
            if (x.Kind != y.Kind || x.Number != y.Number || x.Arguments.Length != y.Arguments.Length)
            {
                return false;
            }

            return x.Arguments.AsSpan().SequenceEqual(y.Arguments)
                || x.Arguments.Order().SequenceEqual(y.Arguments.Order());
        }

        // Independent of the arguments' order.
        public int GetHashCode(FormulaNode node)
        {
            var sum = 0u;
            foreach (var argument in node.Arguments)
            {
                sum += (uint)argument * 0x9E3779B1u ^ ((uint)argument >> 7) * 0x85EBCA77u;
            }

            return HashCode.Combine(node.Kind, node.Number, node.Arguments.Length, sum);
        }
    }
}
