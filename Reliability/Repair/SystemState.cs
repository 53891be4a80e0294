using Continuity.Reliability.Markov;

namespace Continuity.Reliability.Repair;

/// <summary>A state of a system: that of each of its groups.</summary>
/// <remarks>Valid only inside the call that received it.</remarks>
public readonly ref struct SystemState
{
    private readonly ModelState _state;
    private readonly IReadOnlyDictionary<string, GroupVariables> _groups;

    internal SystemState(ModelState state, IReadOnlyDictionary<string, GroupVariables> groups)
    {
        _state = state;
        _groups = groups;
    }

    /// <summary>A group by its name.</summary>
    /// <param name="group">The name.</param>
    /// <exception cref="KeyNotFoundException">The system has no such group.</exception>
    public GroupState this[string group] => _groups[group].Read(_state);

    internal bool AllUp
    {
        get
        {
            foreach (var group in _groups.Values)
            {
                if (!group.Read(_state).IsUp)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>When a system is up.</summary>
/// <param name="state">A state.</param>
/// <returns>Whether it does its work in that state.</returns>
public delegate bool SystemCondition(SystemState state);
