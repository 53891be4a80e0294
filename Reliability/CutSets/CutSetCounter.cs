using System.Collections.Immutable;
using System.Numerics;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Decisions;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.CutSets;

/// <summary>Counts the minimal cut sets of a coherent model, module by module.</summary>
/// <remarks>
/// A minimal cut set of a model is one of its top module's with each module in it replaced by one of that module's own;
/// so the numbers by order of a module take the place of its variable (Dutuit and Rauzy 1996). The sets themselves are
/// never listed.
/// </remarks>
internal sealed class CutSetCounter
{
    private readonly CompiledModel _model;
    private readonly Dictionary<int, BigInteger[]> _ofModule = [];

    private CutSetCounter(CompiledModel model) => _model = model;

    public static CutSetCount Count(CompiledModel model, AnalysisOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return new CutSetCounter(model).Count(options.MaxNodes, cancellationToken);
        }
        catch (NodeBudgetException)
        {
            throw new ModelTooLargeException(options.MaxNodes);
        }
    }

    private CutSetCount Count(int maxNodes, CancellationToken cancellationToken)
    {
        foreach (var module in _model.Modules)
        {
            // In a coherent model what a module's users take as their variable, its plain function, is increasing.
            var (nodes, root) = MinimalSolutions.Of(module.Nodes, module.Root & ~1, maxNodes, cancellationToken);
            _ofModule.Add(module.Module.Node, Polynomial(module, nodes, root));
        }

        var top = Literal.Node(_model.Plan.Formula.Root);
        var count = top == 0
            ? Literal.Sign(_model.Plan.Formula.Root) == 0 ? OrderPolynomial.None : OrderPolynomial.EmptySet
            : OfInput(top);
        return new CutSetCount([.. count]);
    }

    private BigInteger[] OfInput(int node) => _ofModule.GetValueOrDefault(node, OrderPolynomial.OneEvent);

    private BigInteger[] Polynomial(CompiledModule module, DecisionNode[] nodes, int root)
    {
        var inputs = Array.ConvertAll(module.InputAtLevel, input => OfInput(module.Module.Inputs[input]));
        var counts = new BigInteger[nodes.Length][];
        counts[ZeroSuppressedDiagram.Empty] = OrderPolynomial.None;
        counts[ZeroSuppressedDiagram.Unit] = OrderPolynomial.EmptySet;
        for (var i = 2; i <= root; i++)
        {
            ref readonly var node = ref nodes[i];
            counts[i] = OrderPolynomial.Add(
                counts[node.Low], OrderPolynomial.Multiply(inputs[node.Level], counts[node.High]));
        }

        return counts[root];
    }
}
