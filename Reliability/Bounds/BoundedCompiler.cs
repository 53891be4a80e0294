using Continuity.Reliability.Decisions;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Bounds;

/// <summary>Builds two functions of a module gate by gate: one that implies it, and one that it implies.</summary>
/// <remarks>
/// Every step is monotone in what it takes: a negation takes the other function of the pair, and an exclusive or is
/// written out by and, or and not. So functions may be trimmed anywhere, and the pair stays a certified one.
/// </remarks>
internal sealed class BoundedCompiler
{
    private const int RetryFactor = 4;

    private readonly Module _module;
    private readonly DecisionDiagram _diagram;
    private readonly Trimming _trimming;
    private readonly int[] _lower;
    private readonly int[] _upper;
    private readonly int[] _lastUse;
    private readonly int _maxFunction;
    private int _limit;

    /// <param name="module">The module.</param>
    /// <param name="inputs">For each input, its function.</param>
    /// <param name="diagram">The store that those are in.</param>
    /// <param name="trimming">How functions of that store are made smaller.</param>
    /// <param name="maxFunction">The most nodes that a function may keep.</param>
    public BoundedCompiler(
        Module module, int[] inputs, DecisionDiagram diagram, Trimming trimming, int maxFunction)
    {
        (_module, _diagram, _trimming, _maxFunction) = (module, diagram, trimming, maxFunction);
        _lower = new int[1 + inputs.Length + module.Gates.Length];
        inputs.CopyTo(_lower, 1);
        _upper = (int[])_lower.Clone();
        _lastUse = new int[_lower.Length];
        for (var g = 0; g < module.Gates.Length; g++)
        {
            foreach (var argument in module.Gates[g].Arguments)
            {
                _lastUse[Literal.Node(argument)] = g;
            }
        }
    }

    /// <summary>The pair of the module's last gate.</summary>
    public (int Lower, int Upper) Compile()
    {
        var first = 1 + _module.Inputs.Length;
        for (var g = 0; g < _module.Gates.Length; g++)
        {
            (_lower[first + g], _upper[first + g]) = CompileWithin(g);
            if (_diagram.Count > _diagram.MaxNodes / 2)
            {
                Collect(g + 1);
            }
        }

        Collect(_module.Gates.Length);
        return (_lower[^1], _upper[^1]);
    }

    // What does not fit is trimmed harder; in the end nothing is left to know of a gate but that it is false or true.
    private (int Lower, int Upper) CompileWithin(int gate)
    {
        for (_limit = _maxFunction; _limit > 1; _limit /= RetryFactor)
        {
            try
            {
                return Compile(_module.Gates[gate]);
            }
            catch (NodeBudgetException)
            {
                Collect(gate);
            }
        }

        return (Edge.False, Edge.True);
    }

    private (int Lower, int Upper) Compile(FormulaNode gate)
    {
        var changes = _trimming.Changes;
        var isExact = gate.Arguments.All(a => _lower[Literal.Node(a)] == _upper[Literal.Node(a)]);
        var lower = Compile(gate, isUpper: false);
        return (lower, isExact && _trimming.Changes == changes ? lower : Compile(gate, isUpper: true));
    }

    private int Compile(FormulaNode gate, bool isUpper) => gate.Kind switch
    {
        FormulaKind.And => And(Array.ConvertAll(gate.Arguments, a => FunctionOf(a, isUpper)), isUpper),
        FormulaKind.Xor => Xor(gate.Arguments, isUpper),
        _ => AtLeast(Array.ConvertAll(gate.Arguments, a => FunctionOf(a, isUpper)), gate.Number, isUpper),
    };

    private int FunctionOf(int literal, bool isUpper)
    {
        var isNegated = Literal.Sign(literal) == 1;
        var function = (isUpper != isNegated ? _upper : _lower)[Literal.Node(literal)];
        return isNegated ? Edge.Not(function) : function;
    }

    private int And(int[] arguments, bool isUpper)
    {
        SortDeepestFirst(arguments);
        var result = Edge.True;
        foreach (var argument in arguments)
        {
            result = Trim(_diagram.And(argument, result), isUpper);
        }

        return result;
    }

    private int AtLeast(int[] arguments, int threshold, bool isUpper)
    {
        SortDeepestFirst(arguments);
        var counts = new int[threshold + 1];
        counts[0] = Edge.True;
        foreach (var argument in arguments)
        {
            for (var k = threshold; k > 0; k--)
            {
                counts[k] = Trim(_diagram.Or(_diagram.And(argument, counts[k - 1]), counts[k]), isUpper);
            }
        }

        return counts[threshold];
    }

    // For each prefix of the arguments, a function for "odd" and one for "even", both bounds from the same side.
    private int Xor(int[] arguments, bool isUpper)
    {
        var (odd, even) = (Edge.False, Edge.True);
        foreach (var argument in arguments)
        {
            var isTrue = FunctionOf(argument, isUpper);
            var isFalse = FunctionOf(Literal.Not(argument), isUpper);
            var nextOdd = _diagram.Or(_diagram.And(isTrue, even), _diagram.And(isFalse, odd));
            var nextEven = _diagram.Or(_diagram.And(isTrue, odd), _diagram.And(isFalse, even));
            (odd, even) = (Trim(nextOdd, isUpper), Trim(nextEven, isUpper));
        }

        return odd;
    }

    private int Trim(int function, bool isUpper) => _trimming.Trim(function, _limit, isUpper);

    private void SortDeepestFirst(int[] arguments) =>
        Array.Sort(arguments, (a, b) => _diagram.LevelOf(b).CompareTo(_diagram.LevelOf(a)));

    private void Collect(int gate)
    {
        var needed = new List<int>();
        for (var node = 1; node < 1 + _module.Inputs.Length + gate; node++)
        {
            if (_lastUse[node] >= gate || node <= _module.Inputs.Length || node == _lower.Length - 1)
            {
                needed.Add(node);
            }
        }

        var roots = new int[2 * needed.Count];
        for (var i = 0; i < needed.Count; i++)
        {
            (roots[2 * i], roots[(2 * i) + 1]) = (_lower[needed[i]], _upper[needed[i]]);
        }

        _diagram.Collect(roots);
        for (var i = 0; i < needed.Count; i++)
        {
            (_lower[needed[i]], _upper[needed[i]]) = (roots[2 * i], roots[(2 * i) + 1]);
        }
    }
}
