using Continuity.Reliability.Markov;

namespace Continuity.Reliability.Repair;

/// <summary>
/// Groups of units with spares, switch-overs that can fail, and crews that they share: a Markov model without writing
/// transitions.
/// </summary>
/// <remarks>Starts with everything working. Immutable once made; safe for use by many threads.</remarks>
public sealed class RepairableSystem
{
    private readonly StateModel _model = new();
    private readonly Dictionary<string, GroupVariables> _groups = new(StringComparer.Ordinal);
    private readonly SystemCondition _isUp;

    /// <summary>Makes a system.</summary>
    /// <param name="groups">Its groups, at least one; for crews with priority, the most urgent first.</param>
    /// <param name="isUp">When it is up; null when all of its groups are.</param>
    /// <exception cref="ArgumentException">No groups, or two of a name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number that cannot be.</exception>
    public RepairableSystem(IEnumerable<UnitGroup> groups, SystemCondition? isUp = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _isUp = isUp ?? (state => state.AllUp);
        var all = new List<GroupVariables>();
        foreach (var group in groups)
        {
            group.Check();
            if (_groups.ContainsKey(group.Name))
            {
                throw new ArgumentException($"Two groups are called '{group.Name}'.", nameof(groups));
            }

            all.Add(new GroupVariables(_model, group));
            _groups.Add(group.Name, all[^1]);
        }

        if (all.Count == 0)
        {
            throw new ArgumentException("A system needs a group of units.", nameof(groups));
        }

        AddRepairs(all);
    }

    /// <summary>Finds the states and solves the long run.</summary>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <exception cref="StateSpaceTooLargeException">There are too many states.</exception>
    public SystemSolution Solve(CancellationToken cancellationToken)
    {
        var space = _model.Explore(cancellationToken);
        return new SystemSolution(space, space.Where(state => _isUp(new SystemState(state, _groups))));
    }

    private void AddRepairs(List<GroupVariables> groups)
    {
        foreach (var group in groups)
        {
            if (group.Group.Crew is not { } crew)
            {
                group.AddRepair(_model, state => group.Failed(state));
                continue;
            }

            var served = groups.FindAll(other => other.Group.Crew?.Name == crew.Name);
            if (served.Exists(other => other.Group.Crew != crew))
            {
                throw new ArgumentException($"Two different crews are called '{crew.Name}'.", nameof(groups));
            }

            var before = served[..served.IndexOf(group)];
            group.AddRepair(_model, crew.Policy switch
            {
                CrewPolicy.Priority => state => Left(crew.Hands, before, group, state),
                _ => state => Part(crew.Hands, served, group, state),
            });
        }
    }

    private static double Left(int hands, List<GroupVariables> before, GroupVariables group, ModelState state)
    {
        var left = hands;
        foreach (var other in before)
        {
            left -= Math.Min(left, other.Failed(state));
        }

        return Math.Min(left, group.Failed(state));
    }

    private static double Part(int hands, List<GroupVariables> served, GroupVariables group, ModelState state)
    {
        var failed = 0;
        foreach (var other in served)
        {
            failed += other.Failed(state);
        }

        return failed <= hands ? group.Failed(state) : (double)hands * group.Failed(state) / failed;
    }
}
