namespace Continuity.Reliability.Markov;

/// <summary>
/// A continuous-time Markov chain described by variables and guarded transitions instead of a list of states.
/// </summary>
/// <remarks>
/// <para>Every delay is exponential: the time to the next event in a state does not depend on the time already
/// spent there. <see cref="Explore(CancellationToken)"/> finds the reachable states. Not thread-safe while it is
/// being built.</para>
/// <para>Source: W. J. Stewart, Introduction to the Numerical Solution of Markov Chains, 1994, chapter 1.</para>
/// </remarks>
public sealed class StateModel
{
    private readonly List<StateVariable> _variables = [];
    private readonly List<StateTransition> _transitions = [];

    /// <summary>The variables in the order they were added.</summary>
    public IReadOnlyList<StateVariable> Variables => _variables;

    /// <summary>The transitions in the order they were added.</summary>
    public IReadOnlyList<StateTransition> Transitions => _transitions;

    /// <summary>Adds a variable.</summary>
    /// <param name="name">A name no other variable of the model has.</param>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="maximum">The largest value.</param>
    /// <param name="initial">The value at time zero.</param>
    /// <returns>The variable, to be used as an index into states.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or does not hold the initial value.</exception>
    public StateVariable AddVariable(string name, int minimum, int maximum, int initial)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_variables.Exists(variable => variable.Name == name))
        {
            throw new ArgumentException($"The model already has a variable '{name}'.", nameof(name));
        }

        if (maximum < minimum)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maximum), maximum, $"Variable '{name}' has the empty range {minimum}..{maximum}.");
        }

        if (initial < minimum || initial > maximum)
        {
            throw new ArgumentOutOfRangeException(
                nameof(initial), initial, $"Variable '{name}' starts outside its range {minimum}..{maximum}.");
        }

        var added = new StateVariable(name, minimum, maximum, initial, _variables.Count);
        _variables.Add(added);
        return added;
    }

    /// <summary>Adds a flag: a variable of 0 and 1.</summary>
    /// <param name="name">A name no other variable of the model has.</param>
    /// <param name="initial">The value at time zero.</param>
    /// <returns>The variable.</returns>
    public StateVariable AddFlag(string name, bool initial) => AddVariable(name, 0, 1, initial ? 1 : 0);

    /// <summary>Adds a transition whose rate depends on the state.</summary>
    /// <param name="name">Names the transition in errors and rewards.</param>
    /// <param name="guard">The states in which it is enabled.</param>
    /// <param name="rate">Firings per unit of time.</param>
    /// <param name="effect">The change of state.</param>
    public void AddTransition(string name, StatePredicate guard, StateValue rate, StateEffect effect)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(rate);
        ArgumentNullException.ThrowIfNull(effect);
        _transitions.Add(new StateTransition(name, guard, rate, effect));
    }

    /// <summary>Adds a transition of constant rate.</summary>
    /// <param name="name">Names the transition in errors and rewards.</param>
    /// <param name="guard">The states in which it is enabled.</param>
    /// <param name="rate">Firings per unit of time: finite and not negative.</param>
    /// <param name="effect">The change of state.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, infinite or not a number.</exception>
    public void AddTransition(string name, StatePredicate guard, double rate, StateEffect effect)
    {
        Require.Rate(rate, $"The rate of transition '{name}'");
        AddTransition(name, guard, _ => rate, effect);
    }

    /// <summary>Finds every state that can be reached from the initial one.</summary>
    /// <param name="cancellationToken">Stops the exploration.</param>
    /// <returns>The states and the rates between them.</returns>
    /// <exception cref="InvalidStateModelException">
    /// There is no variable, a rate is not a finite non-negative number, or an effect leaves a variable's range.
    /// </exception>
    /// <exception cref="StateSpaceTooLargeException">
    /// There are more states than <see cref="DefaultMaximumStates"/>.
    /// </exception>
    public StateSpace Explore(CancellationToken cancellationToken) =>
        Explore(DefaultMaximumStates, cancellationToken);

    /// <summary>Finds every state that can be reached from the initial one.</summary>
    /// <param name="maximumStates">Where to give up; at least 1.</param>
    /// <param name="cancellationToken">Stops the exploration.</param>
    /// <returns>The states and the rates between them.</returns>
    /// <remarks>Cost: O(states x transitions); about 60 bytes per state and 12 per transition between states.</remarks>
    public StateSpace Explore(int maximumStates, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumStates, 1);
        return new StateSpaceExplorer(this, maximumStates).Explore(cancellationToken);
    }

    /// <summary>The number of states at which an exploration gives up unless told otherwise: five million.</summary>
    public const int DefaultMaximumStates = 5_000_000;
}
