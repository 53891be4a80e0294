namespace Continuity.Reliability.Preprocessing;

/// <summary>A formula cut into modules, each after the modules it uses.</summary>
internal sealed class ModulePlan
{
    private readonly Dictionary<int, int> _local = [];
    private readonly bool[] _isModule;

    private ModulePlan(Formula formula, bool[] isModule) => (Formula, _isModule) = (formula, isModule);

    public Formula Formula { get; }

    public List<Module> Modules { get; } = [];

    public static ModulePlan Make(Formula formula, CancellationToken cancellationToken)
    {
        var plan = new ModulePlan(formula, ModuleFinder.Find(formula));
        for (var i = 1; i < formula.Nodes.Length; i++)
        {
            if (plan._isModule[i])
            {
                cancellationToken.ThrowIfCancellationRequested();
                plan.Modules.Add(plan.Cut(i));
            }
        }

        return plan;
    }

    private Module Cut(int node)
    {
        var gates = new SortedSet<int> { node };
        var inputs = new List<int>();
        Gather(node, gates, inputs);
        _local.Clear();
        foreach (var input in inputs)
        {
            _local.Add(input, _local.Count + 1);
        }

        var cut = new List<FormulaNode>(gates.Count);
        foreach (var gate in gates)
        {
            var arguments = Array.ConvertAll(
                Formula.Nodes[gate].Arguments,
                argument => Literal.Of(_local[Literal.Node(argument)]) ^ Literal.Sign(argument));
            cut.Add(Formula.Nodes[gate] with { Arguments = arguments });
            _local.Add(gate, _local.Count + 1);
        }

        return new Module(node, [.. inputs], [.. cut]);
    }

    // Inputs come in the order of a depth-first walk, so that the order of the source is the first order tried.
    private void Gather(int node, SortedSet<int> gates, List<int> inputs)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>();
        PushArguments(node, pending);
        while (pending.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (_isModule[next] || Formula.Nodes[next].Kind == FormulaKind.Variable)
            {
                inputs.Add(next);
            }
            else
            {
                gates.Add(next);
                PushArguments(next, pending);
            }
        }
    }

    private void PushArguments(int node, Stack<int> pending)
    {
        var arguments = Formula.Nodes[node].Arguments;
        for (var i = arguments.Length - 1; i >= 0; i--)
        {
            pending.Push(Literal.Node(arguments[i]));
        }
    }
}
