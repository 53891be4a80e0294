namespace Continuity.Reliability.Repair;

/// <summary>Like units that carry a load together: so many active, so many standing by.</summary>
/// <remarks>Every time is exponential. Rates are per unit of time, the same for a whole system.</remarks>
public sealed record UnitGroup
{
    /// <summary>Makes a group.</summary>
    /// <param name="name">Unique in its system.</param>
    /// <param name="active">How many units carry the load when all is well, 1 or more.</param>
    public UnitGroup(string name, int active)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Require.Count(active, 1, $"The number of active units of '{name}'");
        (Name, Active) = (name, active);
    }

    /// <summary>Unique in its system.</summary>
    public string Name { get; }

    /// <summary>How many units carry the load when all is well.</summary>
    public int Active { get; }

    /// <summary>How many active units are enough for the group to be up.</summary>
    /// <value>The default, null, is all of <see cref="Active"/>; from 1.</value>
    public int? Needed { get; init; }

    /// <summary>How many more units stand by.</summary>
    /// <value>The default is 0.</value>
    public int Spares { get; init; }

    /// <summary>How the spares fail.</summary>
    /// <value>The default is <see cref="SpareKind.Cold"/>.</value>
    public SpareKind SpareKind { get; init; } = SpareKind.Cold;

    /// <summary>Failures of one active unit per unit of time, above zero.</summary>
    public required double FailureRate { get; init; }

    /// <summary>Repairs of one failed unit by one pair of hands per unit of time; zero means none.</summary>
    /// <value>The default is 0.</value>
    public double RepairRate { get; init; }

    /// <summary>Who repairs it.</summary>
    /// <value>The default, null, is a hand for every unit: repairs never wait.</value>
    public RepairCrew? Crew { get; init; }

    /// <summary>How taking over a failed unit's load can fail.</summary>
    /// <value>The default, null, is that it never does.</value>
    public SwitchOver? SwitchOver { get; init; }

    /// <summary>Starts per unit of time of a spare that is to become active: a model's loading, a machine's boot.
    /// </summary>
    /// <value>The default is infinity: at once. Above zero.</value>
    public double StartRate { get; init; } = double.PositiveInfinity;

    /// <summary>All units, active and standing by.</summary>
    public int Units => Active + Spares;

    internal void Check()
    {
        Require.Positive(FailureRate, $"The failure rate of '{Name}'");
        Require.Rate(RepairRate, $"The repair rate of '{Name}'");
        Require.Count(Spares, 0, $"The number of spares of '{Name}'");
        Require.Probability(SpareKind.FailureShare, $"The share of the spares' failure rate of '{Name}'");
        if (!(StartRate > 0))
        {
            throw new ArgumentOutOfRangeException(
                null, StartRate, $"The start rate of '{Name}' is {StartRate}; it must be above zero.");
        }

        if (Needed is < 1 || Needed > Active)
        {
            throw new ArgumentOutOfRangeException(
                null, Needed, $"'{Name}' needs {Needed} of {Active} active units; expected 1 to {Active}.");
        }
    }
}
