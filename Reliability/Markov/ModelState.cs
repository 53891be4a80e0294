namespace Continuity.Reliability.Markov;

/// <summary>A state seen while a model is explored or asked about: the value of every variable.</summary>
/// <remarks>Valid only inside the call that received it.</remarks>
public readonly ref struct ModelState
{
    private readonly ReadOnlySpan<int> _values;

    internal ModelState(ReadOnlySpan<int> values) => _values = values;

    /// <summary>The value of a variable in this state.</summary>
    /// <param name="variable">A variable of the same model.</param>
    public int this[StateVariable variable] => _values[variable.Index];
}

/// <summary>The state a transition leads to: a copy of the present one for the effect to change.</summary>
/// <remarks>Valid only inside the call that received it.</remarks>
public readonly ref struct NextState
{
    private readonly Span<int> _values;

    internal NextState(Span<int> values) => _values = values;

    /// <summary>The value of a variable; out of its range, the exploration stops and names the transition.</summary>
    /// <param name="variable">A variable of the same model.</param>
    public int this[StateVariable variable]
    {
        get => _values[variable.Index];
        set => _values[variable.Index] = value;
    }
}

/// <summary>A condition on states: a guard, or the set of states in which a system is up.</summary>
/// <param name="state">The state asked about.</param>
/// <returns>Whether the condition holds.</returns>
public delegate bool StatePredicate(ModelState state);

/// <summary>A number that depends on the state: a rate, or a reward.</summary>
/// <param name="state">The state asked about.</param>
/// <returns>The value.</returns>
public delegate double StateValue(ModelState state);

/// <summary>What a transition does to the state.</summary>
/// <param name="next">A copy of the present state, to be changed.</param>
public delegate void StateEffect(NextState next);
