namespace Continuity.Reliability.Markov;

/// <summary>The reachable states of a <see cref="StateModel"/> and the rates between them.</summary>
/// <remarks>Immutable and safe for concurrent use. State 0 is the initial one; numbers follow the distance from it.
/// </remarks>
public sealed class StateSpace
{
    private readonly StateModel _model;
    private readonly StateLayout _layout;
    private readonly UInt128[] _states;

    internal StateSpace(StateModel model, StateLayout layout, UInt128[] states, RateMatrix rates)
    {
        _model = model;
        _layout = layout;
        _states = states;
        Chain = MarkovChain.StartingIn(rates, 0);
    }

    /// <summary>The chain: the rates, and the initial state with certainty.</summary>
    public MarkovChain Chain { get; }

    /// <summary>The number of states.</summary>
    public int Count => _states.Length;

    /// <summary>The states in which a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <returns>The set.</returns>
    public StateSet Where(StatePredicate condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var members = new bool[Count];
        var values = new int[_model.Variables.Count];
        for (var i = 0; i < members.Length; i++)
        {
            _layout.Unpack(_states[i], values);
            members[i] = condition(new ModelState(values));
        }

        return new StateSet(members);
    }

    /// <summary>A number for each state: what a unit of time spent there earns.</summary>
    /// <param name="value">The reward of a state; finite.</param>
    /// <returns>The rewards by state number.</returns>
    /// <exception cref="InvalidStateModelException">A reward is infinite or not a number.</exception>
    public double[] Rewards(StateValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var rewards = new double[Count];
        var values = new int[_model.Variables.Count];
        for (var i = 0; i < rewards.Length; i++)
        {
            _layout.Unpack(_states[i], values);
            rewards[i] = value(new ModelState(values));
            if (!double.IsFinite(rewards[i]))
            {
                throw new InvalidStateModelException(
                    $"The reward of state {Describe(i)} is {rewards[i]}; it must be a finite number.");
            }
        }

        return rewards;
    }

    /// <summary>How often, per unit of time spent in each state, transitions fire, weighted by what a firing earns.
    /// </summary>
    /// <param name="rewardOfFiring">What one firing of a transition earns: 1 to count it, 0 to leave it out.</param>
    /// <returns>The expected earnings per unit of time by state number: to be used as rewards.</returns>
    /// <remarks>A transition that leads back to the same state counts too, though it changes nothing else.</remarks>
    public double[] ImpulseRates(Func<StateTransition, double> rewardOfFiring)
    {
        ArgumentNullException.ThrowIfNull(rewardOfFiring);
        var counted = _model.Transitions
            .Select(transition => (Transition: transition, Reward: rewardOfFiring(transition)))
            .Where(item => item.Reward != 0)
            .ToArray();
        var rewards = new double[Count];
        var values = new int[_model.Variables.Count];
        for (var i = 0; i < rewards.Length; i++)
        {
            _layout.Unpack(_states[i], values);
            foreach (var (transition, reward) in counted)
            {
                rewards[i] += reward * StateSpaceExplorer.EnabledRate(_model, transition, values);
            }
        }

        return rewards;
    }

    /// <summary>The state in words: every variable with its value.</summary>
    /// <param name="state">The number of the state.</param>
    /// <returns>For example <c>left=2, crew=0</c>.</returns>
    public string Describe(int state)
    {
        var values = new int[_model.Variables.Count];
        _layout.Unpack(_states[state], values);
        return StateSpaceExplorer.Describe(_model, values);
    }
}
