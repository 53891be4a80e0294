namespace Continuity.Reliability.Preprocessing;

/// <summary>
/// Groups the arguments of a conjunction that share nothing with the rest, so that each group becomes a module.
/// </summary>
/// <remarks>Ten events that only one gate uses become one variable of its diagram instead of ten.</remarks>
internal sealed class Splitting
{
    private readonly Formula _formula;
    private readonly bool[] _modules;
    private readonly int[] _uses;
    private readonly int[] _component;
    private readonly int[] _literals;
    private readonly FormulaBuilder _builder;

    private Splitting(Formula formula)
    {
        _formula = formula;
        _modules = ModuleFinder.Find(formula);
        _uses = formula.UseCounts();
        _component = [.. Enumerable.Range(0, formula.Nodes.Length)];
        _literals = new int[formula.Nodes.Length];
        _builder = new FormulaBuilder(formula.EventCount);
    }

    public static Formula Apply(Formula formula) => new Splitting(formula).Run();

    private Formula Run()
    {
        for (var i = 1; i < _literals.Length; i++)
        {
            var node = _formula.Nodes[i];
            var arguments = Array.ConvertAll(
                node.Arguments, argument => _literals[Literal.Node(argument)] ^ Literal.Sign(argument));
            _literals[i] = node.Kind switch
            {
                FormulaKind.Variable => _builder.Variable(node.Number),
                FormulaKind.And => Conjunction(i, node, arguments),
                FormulaKind.Xor => _builder.Xor(arguments),
                _ => _builder.AtLeast(node.Number, arguments),
            };
        }

        return _builder.Build(_literals[Literal.Node(_formula.Root)] ^ Literal.Sign(_formula.Root));
    }

    private int Conjunction(int index, FormulaNode node, int[] arguments)
    {
        if (_modules[index])
        {
            JoinBelow(index);
        }

        var groups = new Dictionary<int, List<int>>();
        for (var a = 0; a < arguments.Length; a++)
        {
            var key = GroupOf(index, Literal.Node(node.Arguments[a]));
            if (!groups.TryGetValue(key, out var group))
            {
                groups.Add(key, group = []);
            }

            group.Add(arguments[a]);
        }

        return groups.Count == 1 ? _builder.And(arguments) : _builder.And([.. groups.Values.Select(_builder.And)]);
    }

    // -1 gathers what this gate alone uses; in a module, what hangs together below it is a group.
    private int GroupOf(int gate, int argument)
    {
        if (_uses[argument] == 1 && (_modules[argument] || _formula.Nodes[argument].Kind == FormulaKind.Variable))
        {
            return -1;
        }

        return _modules[gate] ? Find(argument) : -2;
    }

    private void JoinBelow(int module)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(_formula.Nodes[module].Arguments.Select(Literal.Node));
        while (pending.TryPop(out var node))
        {
            if (_modules[node] || !seen.Add(node))
            {
                continue;
            }

            foreach (var argument in _formula.Nodes[node].Arguments)
            {
                var below = Literal.Node(argument);
                _component[Find(below)] = Find(node);
                pending.Push(below);
            }
        }
    }

    private int Find(int node)
    {
        while (_component[node] != node)
        {
            _component[node] = _component[_component[node]];
            node = _component[node];
        }

        return node;
    }
}
