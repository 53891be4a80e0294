using System.Runtime.InteropServices;

namespace Continuity.Reliability.Markov;

/// <summary>Breadth first, so that states near the start have small numbers and sweeps converge quickly.</summary>
internal sealed class StateSpaceExplorer
{
    private readonly StateModel _model;
    private readonly int _maximumStates;
    private readonly StateLayout _layout;
    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly List<UInt128> _states = [];
    private readonly RateMatrixBuilder _rates = new();

    public StateSpaceExplorer(StateModel model, int maximumStates)
    {
        if (model.Variables.Count == 0)
        {
            throw new InvalidStateModelException("The model has no variables, so it has no states. Add one.");
        }

        _model = model;
        _maximumStates = maximumStates;
        _layout = new StateLayout(model.Variables);
    }

    public StateSpace Explore(CancellationToken cancellationToken)
    {
        var variables = _model.Variables;
        var present = new int[variables.Count];
        var next = new int[variables.Count];
        for (var i = 0; i < present.Length; i++)
        {
            present[i] = variables[i].Initial;
        }

        Number(_layout.Pack(present));
        for (var state = 0; state < _states.Count; state++)
        {
            if ((state & 1023) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            _layout.Unpack(_states[state], present);
            _rates.StartRow();
            foreach (var transition in _model.Transitions)
            {
                Fire(transition, present, next);
            }
        }

        return new StateSpace(_model, _layout, [.. _states], _rates.Build(_states.Count));
    }

    private void Fire(StateTransition transition, int[] present, int[] next)
    {
        var rate = EnabledRate(_model, transition, present);
        if (rate == 0)
        {
            return;
        }

        present.CopyTo(next, 0);
        transition.Effect(new NextState(next));
        CheckRanges(transition, present, next);
        _rates.Add(Number(_layout.Pack(next)), rate);
    }

    internal static double EnabledRate(StateModel model, StateTransition transition, ReadOnlySpan<int> present)
    {
        var state = new ModelState(present);
        if (!transition.Guard(state))
        {
            return 0;
        }

        var rate = transition.Rate(state);
        return rate >= 0 && !double.IsInfinity(rate)
            ? rate
            : throw new InvalidStateModelException(
                $"Transition '{transition.Name}' has the rate {rate} in state {Describe(model, present)}; a rate must "
                + "be a finite number, zero or more.");
    }

    internal static string Describe(StateModel model, ReadOnlySpan<int> values)
    {
        var parts = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            parts[i] = $"{model.Variables[i].Name}={values[i]}";
        }

        return string.Join(", ", parts);
    }

    private int Number(UInt128 packed)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, packed, out var known);
        if (known)
        {
            return number;
        }

        if (_states.Count == _maximumStates)
        {
            throw new StateSpaceTooLargeException(_maximumStates);
        }

        number = _states.Count;
        _states.Add(packed);
        return number;
    }

    private void CheckRanges(StateTransition transition, int[] present, int[] next)
    {
        for (var i = 0; i < next.Length; i++)
        {
            var variable = _model.Variables[i];
            if (next[i] < variable.Minimum || next[i] > variable.Maximum)
            {
                throw new InvalidStateModelException(
                    $"Transition '{transition.Name}' sets {variable.Name} to {next[i]} in state "
                    + $"{Describe(_model, present)}; its range is {variable.Minimum}..{variable.Maximum}.");
            }
        }
    }
}
