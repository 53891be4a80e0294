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

    // The gate at work: its arguments, deepest first, how many of them are in, and the functions they have come to.
    private int[] _arguments = [];
    private int _argumentsDone;
    private int[] _running = [];
    private (int Gate, int Argument) _stepAt = (-1, 0);
    private int _countBefore;
    private int _budget;

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

    /// <summary>How much of the next gate is done.</summary>
    public double ShareDone => _argumentsDone / (double)Math.Max(1, _arguments.Length);

    /// <summary>Nodes of the functions that are needed further on.</summary>
    public int CountNeeded => _diagram.CountReached([.. FunctionsOf(Needed(GatesDone)), .. _running]);

    /// <summary>The most nodes so far.</summary>
    public int Peak => _diagram.Peak;

    /// <summary>Goes on from where it stopped, within a larger budget; a smaller one is spent already.</summary>
    /// <returns>
    /// Whether the module has its function; if not, what the unfinished gate made is kept for the next budget.
    /// </returns>
    public bool Advance(int maxNodes)
    {
        if (maxNodes <= _budget)
        {
            return false;
        }

        _diagram.MaxNodes = _budget = maxNodes;
        while (GatesDone < _module.Gates.Length)
        {
            var gate = _module.Gates[GatesDone];
            if (_running.Length == 0)
            {
                Begin(gate);
            }

            while (_argumentsDone < _arguments.Length)
            {
                if (!TryAddArgument(gate))
                {
                    return false;
                }
            }

            _functions[1 + _inputAtLevel.Length + GatesDone++] = _running[^1];
            _running = [];
        }

        return true;
    }

    /// <summary>The finished module; every other function is garbage and has been collected.</summary>
    public CompiledModule Finish()
    {
        Span<int> root = [_functions[^1]];
        _diagram.Collect(root);
        var nodes = HugePages.NewArray<DecisionNode>(_diagram.Count);
        _diagram.Nodes.CopyTo(nodes);
        return new CompiledModule(_module, nodes, root[0], _inputAtLevel, _diagram.Peak);
    }

    /// <summary>Gives back the memory of an order that is not gone on with.</summary>
    public void Abandon() => _diagram.Reset(_diagram.MaxNodes, CancellationToken.None);

    // A full store may be mostly garbage: what earlier steps needed on the way. It goes, and the step is tried again.
    // What this step made itself stays: with the next budget it goes on from there.
    private bool TryAddArgument(FormulaNode gate)
    {
        _countBefore = _stepAt == (GatesDone, _argumentsDone) ? _countBefore : _diagram.Count;
        _stepAt = (GatesDone, _argumentsDone);
        while (true)
        {
            try
            {
                _running = AddArgument(gate.Kind, FunctionOf(_arguments[_argumentsDone]));
                _argumentsDone++;
                return true;
            }
            catch (NodeBudgetException)
            {
                if (_countBefore - CountNeeded < _diagram.MaxNodes / 2)
                {
                    return false;
                }

                Collect();
                _countBefore = _diagram.Count;
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

    private int[] FunctionsOf(List<int> nodes) => [.. nodes.Select(node => _functions[node])];

    private void Collect()
    {
        var needed = Needed(GatesDone);
        int[] roots = [.. FunctionsOf(needed), .. _running];
        _diagram.Collect(roots);
        for (var i = 0; i < needed.Count; i++)
        {
            _functions[needed[i]] = roots[i];
        }

        roots.AsSpan(needed.Count).CopyTo(_running);
    }

    private int FunctionOf(int literal) => _functions[Literal.Node(literal)] ^ Literal.Sign(literal);

    // Deepest first: each step then only adds nodes above what is there.
    private void Begin(FormulaNode gate)
    {
        _arguments = [.. gate.Arguments.OrderByDescending(argument => _diagram.LevelOf(FunctionOf(argument)))];
        _argumentsDone = 0;
        _running = gate.Kind switch
        {
            FormulaKind.And => [Edge.True],
            FormulaKind.Xor => [Edge.False],

            // At each place k, "at least k of the arguments seen so far".
            _ => [Edge.True, .. new int[gate.Number]],
        };
    }

    private int[] AddArgument(FormulaKind kind, int argument) => kind switch
    {
        FormulaKind.And => [_diagram.And(argument, _running[0])],
        FormulaKind.Xor => [_diagram.Xor(argument, _running[0])],
        _ => AddToCounts(argument),
    };

    private int[] AddToCounts(int argument)
    {
        var counts = (int[])_running.Clone();
        var threshold = counts.Length - 1;
        var left = _arguments.Length - 1 - _argumentsDone;
        for (var k = Math.Min(threshold, _argumentsDone + 1); k > Math.Max(0, threshold - 1 - left); k--)
        {
            counts[k] = _diagram.IfThenElse(argument, counts[k - 1], counts[k]);
        }

        return counts;
    }
}
