using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Decisions;

/// <summary>Builds the decision diagram of one module in one order of its inputs, gate by gate.</summary>
internal sealed class ModuleCompiler
{
    private readonly Module _module;
    private readonly DecisionDiagram _diagram;
    private readonly int[] _functions;
    private readonly int[] _lastUse;
    private readonly int[] _inputAtLevel;

    /// <param name="module">The module.</param>
    /// <param name="roots">For each input, the root of its own diagram; null for an event.</param>
    /// <param name="levels">For each input, its level.</param>
    /// <param name="diagram">An empty store.</param>
    public ModuleCompiler(Module module, int?[] roots, int[] levels, DecisionDiagram diagram)
    {
        _module = module;
        _diagram = diagram;
        _functions = new int[1 + levels.Length + module.Gates.Length];
        _inputAtLevel = new int[levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            _inputAtLevel[levels[i]] = i;
            _functions[1 + i] = roots[i] switch
            {
                null => _diagram.Variable(levels[i]),
                { } root when Edge.IsConstant(root) => root,

                // Users of a module that is true of all-false take the plain function as their variable.
                { } root => _diagram.Variable(levels[i]) ^ (root & 1),
            };
        }

        _lastUse = new int[_functions.Length];
        for (var g = 0; g < module.Gates.Length; g++)
        {
            foreach (var argument in module.Gates[g].Arguments)
            {
                _lastUse[Literal.Node(argument)] = g;
            }
        }
    }

    /// <summary>For each input, its level at present.</summary>
    public int[] Levels()
    {
        var levels = new int[_inputAtLevel.Length];
        for (var level = 0; level < levels.Length; level++)
        {
            levels[_inputAtLevel[level]] = level;
        }

        return levels;
    }

    /// <summary>How many gates have their function: how far an order came that did not fit yet.</summary>
    public int GatesDone { get; private set; }

    /// <summary>Nodes in the store at present.</summary>
    public int Count => _diagram.Count;

    /// <summary>The most nodes so far.</summary>
    public int Peak => _diagram.Peak;

    /// <summary>Goes on from where it stopped, within another budget.</summary>
    /// <returns>Whether the module has its function; if not, all garbage has been collected.</returns>
    public bool Advance(int maxNodes)
    {
        _diagram.MaxNodes = maxNodes;
        while (GatesDone < _module.Gates.Length)
        {
            if (!TryCompile(GatesDone))
            {
                return false;
            }

            GatesDone++;
        }

        return true;
    }

    /// <summary>The finished module; every other function is garbage and has been collected.</summary>
    public CompiledModule Finish()
    {
        Span<int> root = [_functions[^1]];
        _diagram.Collect(root);
        return new CompiledModule(_module, _diagram.Nodes.ToArray(), root[0], _inputAtLevel, _diagram.Peak);
    }

    // A full store may be mostly garbage: what earlier gates needed on the way. The gate is tried once more after a
    // clean-up that frees a good part, and no oftener: what its own failed attempt left would be freed for ever.
    private bool TryCompile(int gate)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                _functions[1 + _inputAtLevel.Length + gate] = Compile(_module.Gates[gate]);
                return true;
            }
            catch (NodeBudgetException)
            {
                CollectNeeded(gate);
                if (attempt > 0 || _diagram.Count > _diagram.MaxNodes / 2)
                {
                    return false;
                }
            }
        }
    }

    // Inputs are always kept: the edges that name them must stay true.
    private List<int> Needed(int gate)
    {
        var needed = new List<int>();
        for (var node = 1; node < 1 + _inputAtLevel.Length + gate; node++)
        {
            if (_lastUse[node] >= gate || node <= _inputAtLevel.Length)
            {
                needed.Add(node);
            }
        }

        return needed;
    }

    private void CollectNeeded(int gate)
    {
        var needed = Needed(gate);
        var roots = needed.ConvertAll(node => _functions[node]).ToArray();
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
