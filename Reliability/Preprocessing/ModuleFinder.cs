namespace Continuity.Reliability.Preprocessing;

/// <summary>
/// Finds the gates whose descendants are used by nothing outside (Dutuit and Rauzy 1996): each can be analysed alone.
/// </summary>
/// <remarks>
/// One walk dates every visit. A gate is a module when all its descendants were first and last visited between the
/// gate's own first visit and its end.
/// </remarks>
internal static class ModuleFinder
{
    /// <summary>For each node, whether it is a gate that is a module.</summary>
    public static bool[] Find(Formula formula)
    {
        var count = formula.Nodes.Length;
        var dates = new Dates(count);
        dates.Walk(formula);
        var earliest = new int[count];
        var latest = new int[count];
        var modules = new bool[count];
        for (var i = 1; i < count; i++)
        {
            (earliest[i], latest[i]) = (int.MaxValue, int.MinValue);
            foreach (var argument in formula.Nodes[i].Arguments)
            {
                var node = Literal.Node(argument);
                earliest[i] = Math.Min(earliest[i], Math.Min(dates.First[node], earliest[node]));
                latest[i] = Math.Max(latest[i], Math.Max(dates.Last[node], latest[node]));
            }

            modules[i] = dates.First[i] > 0 && formula.Nodes[i].Kind != FormulaKind.Variable
                && earliest[i] > dates.First[i] && latest[i] < dates.End[i];
        }

        return modules;
    }

    private sealed class Dates(int count)
    {
        public int[] First { get; } = new int[count];

        public int[] End { get; } = new int[count];

        public int[] Last { get; } = new int[count];

        public void Walk(Formula formula)
        {
            var date = 0;
            var path = new Stack<(int Node, int Next)>();
            path.Push((Literal.Node(formula.Root), 0));
            First[Literal.Node(formula.Root)] = ++date;
            while (path.TryPop(out var step))
            {
                var arguments = formula.Nodes[step.Node].Arguments;
                if (step.Next == arguments.Length)
                {
                    End[step.Node] = Last[step.Node] = ++date;
                    continue;
                }

                path.Push((step.Node, step.Next + 1));
                var child = Literal.Node(arguments[step.Next]);
                if (First[child] == 0)
                {
                    First[child] = ++date;
                    path.Push((child, 0));
                }
                else
                {
                    Last[child] = ++date;
                }
            }
        }
    }
}
