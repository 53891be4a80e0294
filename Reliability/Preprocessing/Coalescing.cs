namespace Continuity.Reliability.Preprocessing;

/// <summary>
/// Merges a conjunction into the only conjunction that uses it, and drops what nothing uses any more.
/// </summary>
internal static class Coalescing
{
    public static Formula Apply(Formula formula)
    {
        var uses = formula.UseCounts();
        var merged = FindMerged(formula, uses);
        var builder = new FormulaBuilder(formula.EventCount);
        var literals = new int[formula.Nodes.Length];
        var pending = new Stack<int>();
        for (var i = 1; i < literals.Length; i++)
        {
            var node = formula.Nodes[i];
            if (uses[i] == 0 || merged[i])
            {
                continue;
            }

            literals[i] = node.Kind switch
            {
                FormulaKind.Variable => builder.Variable(node.Number),
                FormulaKind.And => builder.And(Spliced(formula, node, merged, literals, pending)),
                FormulaKind.Xor => builder.Xor(Mapped(node, literals)),
                _ => builder.AtLeast(node.Number, [.. Mapped(node, literals)]),
            };
        }

        var root = literals[Literal.Node(formula.Root)] ^ Literal.Sign(formula.Root);
        return Sweep(builder.Build(root));
    }

    private static bool[] FindMerged(Formula formula, int[] uses)
    {
        var merged = new bool[formula.Nodes.Length];
        for (var i = 1; i < merged.Length; i++)
        {
            if (uses[i] == 0 || formula.Nodes[i].Kind != FormulaKind.And)
            {
                continue;
            }

            foreach (var argument in formula.Nodes[i].Arguments)
            {
                var inner = Literal.Node(argument);
                merged[inner] |= Literal.Sign(argument) == 0 && uses[inner] == 1
                    && formula.Nodes[inner].Kind == FormulaKind.And;
            }
        }

        return merged;
    }

    private static IEnumerable<int> Mapped(FormulaNode node, int[] literals) =>
        node.Arguments.Select(argument => literals[Literal.Node(argument)] ^ Literal.Sign(argument));

    private static IEnumerable<int> Spliced(
        Formula formula, FormulaNode node, bool[] merged, int[] literals, Stack<int> pending)
    {
        // A conjunction that turns out to be false is left half-way; its rest is not the next one's.
        pending.Clear();
        PushReversed(node, pending);
        while (pending.TryPop(out var argument))
        {
            if (merged[Literal.Node(argument)])
            {
                PushReversed(formula.Nodes[Literal.Node(argument)], pending);
            }
            else
            {
                yield return literals[Literal.Node(argument)] ^ Literal.Sign(argument);
            }
        }
    }

    private static void PushReversed(FormulaNode node, Stack<int> pending)
    {
        for (var i = node.Arguments.Length - 1; i >= 0; i--)
        {
            pending.Push(node.Arguments[i]);
        }
    }

    private static Formula Sweep(Formula formula)
    {
        var reached = formula.Reached();
        var place = new int[formula.Nodes.Length];
        var kept = new List<FormulaNode> { formula.Nodes[0] };
        for (var i = 1; i < place.Length; i++)
        {
            if (!reached[i])
            {
                continue;
            }

            place[i] = kept.Count;
            var node = formula.Nodes[i];
            var arguments = Array.ConvertAll(
                node.Arguments, argument => Literal.Of(place[Literal.Node(argument)]) ^ Literal.Sign(argument));
            kept.Add(node with { Arguments = arguments });
        }

        var root = Literal.Of(place[Literal.Node(formula.Root)]) ^ Literal.Sign(formula.Root);
        return new Formula([.. kept], root, formula.EventCount);
    }
}
