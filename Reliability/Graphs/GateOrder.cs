namespace Continuity.Reliability.Graphs;

/// <summary>
/// Orders gates so that each comes after the gates it refers to, and finds the cycles that forbid it.
/// </summary>
/// <remarks>A depth-first walk with its own stack: a model may be nested deeper than any thread's.</remarks>
internal sealed class GateOrder
{
    // A model with very many cycles is wrong in one way, not in thousands.
    private const int MaxCycles = 50;

    private readonly GraphNode[][] _arguments;
    private readonly byte[] _state;
    private readonly int[] _order;
    private readonly List<int[]> _cycles = [];
    private readonly List<(int Gate, int Next)> _path = [];
    private int _done;

    public GateOrder(GraphNode[][] arguments)
    {
        _arguments = arguments;
        _state = new byte[arguments.Length];
        _order = new int[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (_state[i] == New)
            {
                Walk(i);
            }
        }
    }

    private const byte New = 0;
    private const byte Open = 1;
    private const byte Done = 2;

    /// <summary>Every gate once, arguments first; of meaning only when there are no cycles.</summary>
    public int[] Order => _order;

    public IReadOnlyList<int[]> Cycles => _cycles;

    private void Walk(int start)
    {
        _path.Add((start, 0));
        _state[start] = Open;
        while (_path.Count > 0)
        {
            var (gate, next) = _path[^1];
            if (next == _arguments[gate].Length)
            {
                _state[gate] = Done;
                _order[_done++] = gate;
                _path.RemoveAt(_path.Count - 1);
                continue;
            }

            _path[^1] = (gate, next + 1);
            var argument = _arguments[gate][next];
            if (argument.Kind == NodeKind.Gate)
            {
                Enter(argument.Index);
            }
        }
    }

    private void Enter(int gate)
    {
        if (_state[gate] == New)
        {
            _state[gate] = Open;
            _path.Add((gate, 0));
        }
        else if (_state[gate] == Open && _cycles.Count < MaxCycles)
        {
            var from = _path.FindLastIndex(step => step.Gate == gate);
            _cycles.Add([.. _path.Skip(from).Select(step => step.Gate)]);
        }
    }
}
