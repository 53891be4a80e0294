namespace Continuity.Reliability.Markov;

/// <summary>The parts of a chain within which every state reaches every other (R. E. Tarjan, 1972).</summary>
internal sealed class Components
{
    private readonly RateMatrix _rates;
    private readonly int[] _order;
    private readonly int[] _low;
    private readonly int[] _component;
    private readonly Stack<int> _open = new();
    private readonly Stack<(int State, int Next)> _path = new();
    private int _visited;

    private Components(RateMatrix rates)
    {
        _rates = rates;
        _order = new int[rates.States];
        _low = new int[rates.States];
        _component = new int[rates.States];
        Array.Fill(_component, -1);
    }

    /// <summary>The number of components found.</summary>
    public int Count { get; private set; }

    /// <summary>The component of a state, or -1 when the state cannot be reached.</summary>
    public int Of(int state) => _component[state];

    /// <summary>Finds the components of what the start can reach.</summary>
    public static Components Find(RateMatrix rates, ReadOnlySpan<double> start)
    {
        var components = new Components(rates);
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] > 0 && components._order[i] == 0)
            {
                components.Explore(i);
            }
        }

        return components;
    }

    /// <summary>For each component, whether it can never be left.</summary>
    public bool[] Bottoms()
    {
        var bottoms = new bool[Count];
        Array.Fill(bottoms, true);
        for (var state = 0; state < _component.Length; state++)
        {
            for (var i = _rates.RowStarts[state]; _component[state] >= 0 && i < _rates.RowStarts[state + 1]; i++)
            {
                if (_component[_rates.Columns[i]] != _component[state])
                {
                    bottoms[_component[state]] = false;
                }
            }
        }

        return bottoms;
    }

    // The path is a stack of its own: a chain may be as deep as it has states.
    private void Explore(int root)
    {
        Enter(root);
        while (_path.TryPop(out var step))
        {
            var (state, next) = step;
            if (next < _rates.RowStarts[state + 1])
            {
                _path.Push((state, next + 1));
                Look(state, _rates.Columns[next]);
                continue;
            }

            if (_low[state] == _order[state])
            {
                Close(state);
            }

            if (_path.TryPeek(out var parent))
            {
                _low[parent.State] = Math.Min(_low[parent.State], _low[state]);
            }
        }
    }

    private void Enter(int state)
    {
        _order[state] = _low[state] = ++_visited;
        _open.Push(state);
        _path.Push((state, _rates.RowStarts[state]));
    }

    private void Look(int state, int target)
    {
        if (_order[target] == 0)
        {
            Enter(target);
        }
        else if (_component[target] < 0)
        {
            _low[state] = Math.Min(_low[state], _order[target]);
        }
    }

    private void Close(int root)
    {
        int state;
        do
        {
            state = _open.Pop();
            _component[state] = Count;
        }
        while (state != root);

        Count++;
    }
}
