using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Decisions;

/// <summary>Builds the decision diagram of one module in one order of its inputs, gate by gate.</summary>
internal sealed class ModuleCompiler
{
    private readonly Module _module;
    private readonly DecisionDiagram _diagram;
    private readonly int[] _functions;
    private readonly int[] _lastUse;

    /// <param name="module">The module.</param>
    /// <param name="diagram">An empty store.</param>
    /// <param name="inputs">
    /// The function of each input: the variable of its level, or a constant, negated where the input's own root is.
    /// </param>
    public ModuleCompiler(Module module, DecisionDiagram diagram, ReadOnlySpan<int> inputs)
    {
        _module = module;
        _diagram = diagram;
        _functions = new int[1 + inputs.Length + module.Gates.Length];
        inputs.CopyTo(_functions.AsSpan(1));
        _lastUse = new int[_functions.Length];
        for (var g = 0; g < module.Gates.Length; g++)
        {
            foreach (var argument in module.Gates[g].Arguments)
            {
                _lastUse[Literal.Node(argument)] = g;
            }
        }
    }

    /// <summary>The module's function; every other one is garbage afterwards and has been collected.</summary>
    /// <exception cref="NodeBudgetException">The order is too large for the diagram's budget.</exception>
    public int Compile()
    {
        var first = 1 + _module.Inputs.Length;
        for (var g = 0; g < _module.Gates.Length; g++)
        {
            _functions[first + g] = CompileWithin(g);
        }

        Span<int> root = [_functions[^1]];
        _diagram.Collect(root);
        return root[0];
    }

    // A full store may be mostly garbage: what earlier gates needed on the way. The gate is tried once more after a
    // clean-up that frees a good part, and no oftener: what its own failed attempt left would be freed for ever.
    private int CompileWithin(int gate)
    {
        try
        {
            return Compile(_module.Gates[gate]);
        }
        catch (NodeBudgetException)
        {
            var before = _diagram.Count;
            CollectNeeded(gate);
            if (_diagram.Count > before / 2)
            {
                throw;
            }

            return Compile(_module.Gates[gate]);
        }
    }

    private void CollectNeeded(int gate)
    {
        // Inputs are always kept: the edges that name them must stay true.
        var needed = new List<int>();
        for (var node = 1; node < 1 + _module.Inputs.Length + gate; node++)
        {
            if (_lastUse[node] >= gate || node <= _module.Inputs.Length)
            {
                needed.Add(node);
            }
        }

        var roots = needed.Select(node => _functions[node]).ToArray();
        _diagram.Collect(roots);
        for (var i = 0; i < roots.Length; i++)
        {
            _functions[needed[i]] = roots[i];
        }
    }

    private int FunctionOf(int literal) => _functions[Literal.Node(literal)] ^ Literal.Sign(literal);

    private int Compile(FormulaNode gate)
    {
        var arguments = Array.ConvertAll(gate.Arguments, FunctionOf);
        switch (gate.Kind)
        {
            case FormulaKind.And:
                return And(arguments);
            case FormulaKind.Xor:
                return arguments.Aggregate(Edge.False, _diagram.Xor);
            default:
                return AtLeast(arguments, gate.Number);
        }
    }

    // Deepest first: each step then only adds nodes above what is there.
    private int And(int[] arguments)
    {
        SortDeepestFirst(arguments);
        var result = Edge.True;
        foreach (var argument in arguments)
        {
            result = _diagram.And(argument, result);
            if (result == Edge.False)
            {
                break;
            }
        }

        return result;
    }

    // counts[k] is "at least k of the arguments seen so far"; each argument shifts or keeps the count.
    private int AtLeast(int[] arguments, int threshold)
    {
        SortDeepestFirst(arguments);
        var counts = new int[threshold + 1];
        counts[0] = Edge.True;
        for (var i = 0; i < arguments.Length; i++)
        {
            var left = arguments.Length - 1 - i;
            for (var k = Math.Min(threshold, i + 1); k > Math.Max(0, threshold - 1 - left); k--)
            {
                counts[k] = _diagram.IfThenElse(arguments[i], counts[k - 1], counts[k]);
            }
        }

        return counts[threshold];
    }

    private void SortDeepestFirst(int[] arguments) =>
        Array.Sort(arguments, (a, b) => _diagram.LevelOf(b).CompareTo(_diagram.LevelOf(a)));
}
