using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.Evaluation;

/// <summary>Turns decision diagrams into the instructions of a <see cref="ProbabilityEvaluator"/>.</summary>
/// <remarks>
/// A node that is reached plainly and negated becomes two instructions, P(f) and P(not f): taking one from 1 to get the
/// other would lose the small one.
/// </remarks>
internal sealed class ProgramBuilder(int eventCount)
{
    private readonly List<Instruction> _instructions = [];

    /// <summary>Adds one diagram.</summary>
    /// <param name="nodes">The store.</param>
    /// <param name="root">The function.</param>
    /// <param name="variables">For each level, the slots of the variable being true and false.</param>
    /// <returns>The slots of the function being true and false.</returns>
    public (int IfTrue, int IfFalse) Add(
        ReadOnlySpan<DecisionNode> nodes, int root, ReadOnlySpan<(int IfTrue, int IfFalse)> variables)
    {
        // Indexed by edge: 0 while not needed, then -1, then the slot.
        var slots = new int[2 * nodes.Length];
        slots[root] = slots[Edge.Not(root)] = -1;
        for (var edge = Math.Max(root, Edge.Not(root)); edge > Edge.True; edge--)
        {
            if (slots[edge] != 0)
            {
                ref readonly var node = ref nodes[Edge.Node(edge)];
                slots[node.Low ^ (edge & 1)] = -1;
                slots[node.High ^ (edge & 1)] = -1;
            }
        }

        slots[Edge.False] = Slots.False;
        slots[Edge.True] = Slots.True;
        for (var edge = 2; edge <= Math.Max(root, Edge.Not(root)); edge++)
        {
            if (slots[edge] != 0)
            {
                ref readonly var node = ref nodes[Edge.Node(edge)];
                var (ifTrue, ifFalse) = variables[node.Level];
                slots[edge] = Slots.FirstResult(eventCount) + _instructions.Count;
                _instructions.Add(new Instruction(
                    ifTrue, ifFalse, slots[node.High ^ (edge & 1)], slots[node.Low ^ (edge & 1)]));
            }
        }

        return (slots[root], slots[Edge.Not(root)]);
    }

    /// <summary>The evaluator of the function in a slot.</summary>
    public ProbabilityEvaluator Build(int root) => new(eventCount, [.. _instructions], root);
}
