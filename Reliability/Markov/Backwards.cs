namespace Continuity.Reliability.Markov;

/// <summary>Reachability against the direction of the transitions.</summary>
internal static class Backwards
{
    /// <summary>The states of a set, outside the target, from which it can be entered through the set.</summary>
    public static bool[] Reach(RateMatrix rates, StateSet target, StateSet through)
    {
        var incoming = rates.Transposed;
        var found = new bool[rates.States];
        var pending = new Stack<int>();
        for (var state = 0; state < rates.States; state++)
        {
            if (target.Contains(state))
            {
                pending.Push(state);
            }
        }

        while (pending.TryPop(out var state))
        {
            for (var i = incoming.RowStarts[state]; i < incoming.RowStarts[state + 1]; i++)
            {
                var source = incoming.Columns[i];
                if (!found[source] && !target.Contains(source) && through.Contains(source))
                {
                    found[source] = true;
                    pending.Push(source);
                }
            }
        }

        return found;
    }
}
