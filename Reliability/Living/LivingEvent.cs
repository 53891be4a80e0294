namespace Continuity.Reliability.Living;

/// <summary>What a basic event of a platform's model stands for.</summary>
/// <param name="Id">Its id in the graph.</param>
/// <param name="Class">The component that fails; null for a failover that does not work.</param>
/// <param name="Part">Which of its failures: all, its own, or those common to a service.</param>
/// <param name="Option">
/// Null for what exists; else the option under which it would: an event of a thing that is not there has happened.
/// </param>
internal sealed record LivingEvent(
    string Id, ComponentClass? Class, FailurePart Part = FailurePart.All, string? Option = null)
{
    /// <summary>The probability of it while its option is not taken.</summary>
    public double WithoutOption { get; init; } = 1;

    /// <summary>Whether it never happens once its option is taken: what is left behind then.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>How much more often it fails than its class.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>How much longer than its class it takes to repair.</summary>
    public double RepairFactor { get; init; } = 1;

    /// <summary>Whether its numbers are those of its class.</summary>
    public bool IsTypical => RateFactor == 1 && RepairFactor == 1 && !IsSwitch;

    /// <summary>The long-run probability of being down.</summary>
    public double Unavailability(PlatformAssumptions assumptions) => Class is { } name
        ? UnavailabilityAt(assumptions.Of(name).FailureRate, assumptions)
        : IsSwitch ? 0 : assumptions.FailoverUnavailability;

    /// <summary>The same at another failure rate of its class.</summary>
    public double UnavailabilityAt(double rate, PlatformAssumptions assumptions) => Class is { } name
        ? Share(assumptions) * Repaired(assumptions.Of(name)).UnavailabilityAt(rate * RateFactor)
        : Unavailability(assumptions);

    /// <summary>How often it goes down, per hour; a failover that does not work takes nothing down by itself.</summary>
    public double Frequency(PlatformAssumptions assumptions)
    {
        if (Class is not { } name)
        {
            return 0;
        }

        var data = Repaired(assumptions.Of(name));
        var rate = data.FailureRate * RateFactor;
        return Share(assumptions) * rate * (1 - data.UnavailabilityAt(rate));
    }

    public double Share(PlatformAssumptions assumptions) => Part switch
    {
        FailurePart.Own => 1 - assumptions.CommonCauseShare,
        FailurePart.Common => assumptions.CommonCauseShare,
        _ => 1,
    };

    private ComponentData Repaired(ComponentData data) =>
        RepairFactor == 1 ? data : data with { RepairHours = data.RepairHours * RepairFactor };
}

/// <summary>Which part of a component's failures an event stands for.</summary>
internal enum FailurePart
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that hit it alone.</summary>
    Own,

    /// <summary>Those that hit all of its kind at once.</summary>
    Common,
}
