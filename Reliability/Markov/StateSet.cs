namespace Continuity.Reliability.Markov;

/// <summary>An immutable set of states of one chain.</summary>
public sealed class StateSet
{
    private readonly bool[] _members;

    /// <summary>Makes a set from one flag per state.</summary>
    /// <param name="members">Whether each state belongs to the set; copied.</param>
    public StateSet(ReadOnlySpan<bool> members)
    {
        _members = members.ToArray();
        Count = members.Count(true);
    }

    /// <summary>Makes a set from the numbers of its states.</summary>
    /// <param name="states">The number of states of the chain.</param>
    /// <param name="members">The numbers of the members.</param>
    /// <returns>The set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A member is no state of the chain.</exception>
    public static StateSet Of(int states, params ReadOnlySpan<int> members)
    {
        var flags = new bool[states];
        foreach (var member in members)
        {
            if (member < 0 || member >= states)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(members), member, $"State {member} is none of the {states} states of the chain.");
            }

            flags[member] = true;
        }

        return new StateSet(flags);
    }

    /// <summary>The number of members.</summary>
    public int Count { get; }

    /// <summary>The number of states of the chain, members or not.</summary>
    public int States => _members.Length;

    /// <summary>Whether a state is a member.</summary>
    /// <param name="state">The number of the state.</param>
    /// <returns>Whether it is.</returns>
    public bool Contains(int state) => _members[state];

    /// <summary>The states that are not in this set.</summary>
    /// <returns>The complement.</returns>
    public StateSet Complement() => new(Array.ConvertAll(_members, member => !member));

    /// <summary>The members as flags, one per state.</summary>
    /// <returns>A view that must not outlive the set.</returns>
    public ReadOnlySpan<bool> AsSpan() => _members;

    internal void CheckBelongsTo(RateMatrix rates)
    {
        if (_members.Length != rates.States)
        {
            throw new ArgumentException(
                $"The set is over {_members.Length} states, the chain has {rates.States}; they belong to different "
                + "models.");
        }
    }
}
