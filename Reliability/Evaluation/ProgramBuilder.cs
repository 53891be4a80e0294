using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.Evaluation;

/// <summary>Turns decision diagrams into the instructions of a <see cref="ProbabilityEvaluator"/>.</summary>
/// <remarks>
/// A node that is reached plainly and negated becomes two instructions, P(f) and P(not f): taking one from 1 to get the
/// other would lose the small one.
/// </remarks>
internal sealed class ProgramBuilder(int eventCount)
{
    private Instruction[] _instructions = [];
    private int _count;

    /// <summary>Adds one diagram.</summary>
    /// <param name="nodes">The store.</param>
    /// <param name="root">The function.</param>
    /// <param name="variables">For each level, the slots of the variable being true and false.</param>
    /// <returns>The slots of the function being true and false.</returns>
    public (int IfTrue, int IfFalse) Add(
        ReadOnlySpan<DecisionNode> nodes, int root, ReadOnlySpan<(int IfTrue, int IfFalse)> variables)
    {
        // Indexed by edge: 0 while not needed, then -1, then the slot.
        var slots = HugePages.NewArray<int>(2 * nodes.Length);
        slots.AsSpan().Clear();
        var needed = 0;
        slots[root] = slots[Edge.Not(root)] = -1;
        for (var edge = Math.Max(root, Edge.Not(root)); edge > Edge.True; edge--)
        {
            if (slots[edge] != 0)
            {
                needed++;
                ref readonly var node = ref nodes[Edge.Node(edge)];
                slots[node.Low ^ (edge & 1)] = -1;
                slots[node.High ^ (edge & 1)] = -1;
            }
        }

        Grow(needed);
        slots[Edge.False] = Slots.False;
        slots[Edge.True] = Slots.True;
        for (var edge = 2; edge <= Math.Max(root, Edge.Not(root)); edge++)
        {
            if (slots[edge] != 0)
            {
                ref readonly var node = ref nodes[Edge.Node(edge)];
                var (ifTrue, ifFalse) = variables[node.Level];
                slots[edge] = Slots.FirstResult(eventCount) + _count;
                _instructions[_count++] = new Instruction(
                    ifTrue, ifFalse, slots[node.High ^ (edge & 1)], slots[node.Low ^ (edge & 1)]);
            }
        }

        return (slots[root], slots[Edge.Not(root)]);
    }

    /// <summary>The evaluator of the function in a slot.</summary>
    public ProbabilityEvaluator Build(int root) => new(eventCount, _instructions.AsMemory(0, _count), root);

    // Twice what is there is only an address range where nothing is written.
    private void Grow(int needed)
    {
        if (_count + needed <= _instructions.Length)
        {
            return;
        }

        var larger = HugePages.NewArray<Instruction>(Math.Max(_count + needed, 2 * _count));
        _instructions.AsSpan(0, _count).CopyTo(larger);
        _instructions = larger;
    }
}
