using Continuity.Reliability.Orders;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Decisions;

/// <summary>
/// Finds a small decision diagram of a module: several orders under a budget that grows until one fits.
/// </summary>
internal sealed class ModuleSearch
{
    private const int FirstBudget = 1 << 13;
    private const int BudgetFactor = 4;

    // Past this size a diagram that fits is taken: trying to halve it costs more than using it.
    private const int SatisfiedBudget = 1 << 17;

    private readonly DecisionDiagram _diagram;
    private readonly int _maxNodes;

    public ModuleSearch(int maxNodes, CancellationToken cancellationToken)
    {
        _maxNodes = maxNodes;
        _diagram = new DecisionDiagram(maxNodes, cancellationToken);
    }

    /// <summary>The largest number of nodes held so far.</summary>
    public int Peak { get; private set; }

    /// <summary>The smallest diagram found, or null when none fits the budget.</summary>
    /// <param name="module">The module.</param>
    /// <param name="roots">For each input, the root of its own diagram; null for an event.</param>
    public CompiledModule? Run(Module module, int?[] roots)
    {
        if (module.Gates.Length == 1)
        {
            return TryOrder(module, roots, VariableOrders.AsWritten(module), _maxNodes);
        }

        for (long budget = FirstBudget; ; budget *= BudgetFactor)
        {
            var limit = (int)Math.Min(budget, _maxNodes);
            var best = TryOrders(module, roots, limit);
            if (best is not null || limit == _maxNodes)
            {
                return best;
            }
        }
    }

    private CompiledModule? TryOrders(Module module, int?[] roots, int budget)
    {
        CompiledModule? best = null;
        foreach (var candidate in VariableOrders.Candidates)
        {
            var limit = best is null ? budget : best.Peak;
            var found = TryOrder(module, roots, candidate(module), limit);
            if (found is not null && (best is null || found.Nodes.Length < best.Nodes.Length))
            {
                best = found;
            }

            if (best is not null && budget >= SatisfiedBudget)
            {
                break;
            }
        }

        return best;
    }

    private CompiledModule? TryOrder(Module module, int?[] roots, int[] levels, int budget)
    {
        _diagram.Reset(budget);
        try
        {
            var inputs = new int[levels.Length];
            var inputAtLevel = new int[levels.Length];
            for (var i = 0; i < levels.Length; i++)
            {
                inputAtLevel[levels[i]] = i;
                inputs[i] = roots[i] switch
                {
                    null => _diagram.Variable(levels[i]),
                    { } root when Edge.IsConstant(root) => root,
                    { } root => _diagram.Variable(levels[i]) ^ (root & 1),
                };
            }

            var function = new ModuleCompiler(module, _diagram, inputs).Compile();
            Peak = Math.Max(Peak, _diagram.Peak);
            return new CompiledModule(module, _diagram.Nodes.ToArray(), function, inputAtLevel, _diagram.Peak);
        }
        catch (NodeBudgetException)
        {
            Peak = Math.Max(Peak, _diagram.Peak);
            return null;
        }
    }
}
