using Continuity.Reliability.Markov;

namespace Continuity.Reliability.Repair;

/// <summary>A group's part of a state model: how its units fail, are switched to and start.</summary>
internal sealed class GroupVariables
{
    private readonly StateVariable _working;
    private readonly StateVariable? _active;
    private readonly StateVariable? _halted;

    public GroupVariables(StateModel model, UnitGroup group)
    {
        Group = group;
        _working = model.AddVariable($"{group.Name} working", 0, group.Units, group.Units);

        // Where spares start at once, who is active follows from who works.
        _active = double.IsInfinity(group.StartRate)
            ? null
            : model.AddVariable($"{group.Name} active", 0, group.Active, group.Active);
        _halted = group.SwitchOver is { Success: < 1 } ? model.AddFlag($"{group.Name} halted", false) : null;
        AddFailures(model);
        AddStarts(model);
    }

    public UnitGroup Group { get; }

    public GroupState Read(ModelState state)
    {
        var working = state[_working];
        var active = Active(state);
        var halted = IsHalted(state);
        return new GroupState(working, active, halted, !halted && active >= (Group.Needed ?? Group.Active));
    }

    public int Failed(ModelState state) => Group.Units - state[_working];

    /// <summary>Adds the repair of its units, with the hands that it has in a state.</summary>
    public void AddRepair(StateModel model, StateValue hands)
    {
        if (Group.RepairRate > 0)
        {
            model.AddTransition(
                $"repair {Group.Name}",
                state => state[_working] < Group.Units,
                state => hands(state) * Group.RepairRate,
                next => next[_working]++);
        }
    }

    private int Active(ModelState state) =>
        _active is { } variable ? state[variable] : Math.Min(state[_working], Group.Active);

    private bool IsHalted(ModelState state) => _halted is { } variable && state[variable] == 1;

    private void AddFailures(StateModel model)
    {
        // What is left to take over has to be switched to; a halted group cannot fail to switch once more.
        var success = Group.SwitchOver?.Success ?? 1;
        double Covered(ModelState state) => state[_working] > 1 && !IsHalted(state) ? success : 1;
        model.AddTransition(
            $"fail {Group.Name}",
            state => Active(state) > 0,
            state => Active(state) * Group.FailureRate * Covered(state),
            Fail);
        if (_halted is { } halted)
        {
            model.AddTransition(
                $"fail {Group.Name}, switch-over too",
                state => Active(state) > 0 && Covered(state) < 1,
                state => Active(state) * Group.FailureRate * (1 - Covered(state)),
                next =>
                {
                    Fail(next);
                    next[halted] = 1;
                });
            model.AddTransition(
                $"recover {Group.Name}",
                state => state[halted] == 1,
                Group.SwitchOver!.RecoveryRate,
                next => next[halted] = 0);
        }

        if (Group.SpareKind.FailureShare > 0)
        {
            model.AddTransition(
                $"fail spare {Group.Name}",
                state => state[_working] > Active(state),
                state => (state[_working] - Active(state)) * Group.FailureRate * Group.SpareKind.FailureShare,
                next => next[_working]--);
        }
    }

    private void Fail(NextState next)
    {
        next[_working]--;
        if (_active is { } active)
        {
            next[active]--;
        }
    }

    private void AddStarts(StateModel model)
    {
        if (_active is { } active)
        {
            model.AddTransition(
                $"start {Group.Name}",
                state => !IsHalted(state) && state[active] < Math.Min(state[_working], Group.Active),
                state => (Math.Min(state[_working], Group.Active) - state[active]) * Group.StartRate,
                next => next[active]++);
        }
    }
}
