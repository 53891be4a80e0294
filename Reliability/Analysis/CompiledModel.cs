using Continuity.Reliability.Decisions;
using Continuity.Reliability.Evaluation;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Analysis;

/// <summary>A graph's modules with their decision diagrams.</summary>
internal sealed class CompiledModel
{
    private readonly Dictionary<int, int> _places = [];

    private CompiledModel(ModulePlan plan) => Plan = plan;

    public ModulePlan Plan { get; }

    public List<CompiledModule> Modules { get; } = [];

    public int Peak { get; private set; }

    public static CompiledModel? Compile(FaultGraph graph, AnalysisOptions options, CancellationToken cancellationToken)
    {
        var formula = Splitting.Apply(FormulaReader.Read(graph, cancellationToken));
        var model = new CompiledModel(ModulePlan.Make(formula, cancellationToken));
        using var search = new ModuleSearch(options.MaxNodes, cancellationToken);
        foreach (var module in model.Plan.Modules)
        {
            var compiled = search.Run(module, Array.ConvertAll(module.Inputs, model.RootOf));
            if (compiled is null)
            {
                return null;
            }

            model._places.Add(module.Node, model.Modules.Count);
            model.Modules.Add(compiled);
        }

        model.Peak = search.Peak;
        return model;
    }

    /// <summary>The model as arithmetic.</summary>
    public ProbabilityEvaluator ToEvaluator()
    {
        var formula = Plan.Formula;
        var program = new ProgramBuilder(formula.EventCount);
        var slots = new (int IfTrue, int IfFalse)[Modules.Count];
        for (var m = 0; m < slots.Length; m++)
        {
            var module = Modules[m];
            var variables = Array.ConvertAll(
                module.InputAtLevel, input => VariableSlots(module.Module.Inputs[input], slots));

            // The plain function: what the users of the module take as their variable.
            slots[m] = program.Add(module.Nodes, module.Root & ~1, variables);
        }

        var root = Literal.Node(formula.Root);
        var sign = Literal.Sign(formula.Root);
        var top = (IfTrue: Slots.False, IfFalse: Slots.True);
        if (_places.TryGetValue(root, out var place))
        {
            top = slots[place];
            sign ^= Modules[place].Root & 1;
        }
        else if (root != 0)
        {
            top = VariableSlots(root, slots);
        }

        return program.Build(sign == 0 ? top.IfTrue : top.IfFalse);
    }

    private int? RootOf(int node) => _places.TryGetValue(node, out var place) ? Modules[place].Root : null;

    private (int IfTrue, int IfFalse) VariableSlots(int node, (int IfTrue, int IfFalse)[] slots)
    {
        if (_places.TryGetValue(node, out var place))
        {
            return slots[place];
        }

        var number = Plan.Formula.Nodes[node].Number;
        return (Slots.Event(number), Slots.NotEvent(number));
    }
}
