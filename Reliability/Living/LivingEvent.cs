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
    /// <summary>The long-run probability of being down.</summary>
    public double Unavailability(PlatformAssumptions assumptions) => Class is { } name
        ? Share(assumptions) * assumptions.Of(name).UnavailabilityAt(assumptions.Of(name).FailureRate)
        : assumptions.FailoverUnavailability;

    /// <summary>How often it goes down, per hour; a failover that does not work takes nothing down by itself.</summary>
    public double Frequency(PlatformAssumptions assumptions)
    {
        if (Class is not { } name)
        {
            return 0;
        }

        var data = assumptions.Of(name);
        return Share(assumptions) * data.FailureRate * (1 - data.UnavailabilityAt(data.FailureRate));
    }

    public double Share(PlatformAssumptions assumptions) => Part switch
    {
        FailurePart.Own => 1 - assumptions.CommonCauseShare,
        FailurePart.Common => assumptions.CommonCauseShare,
        _ => 1,
    };
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
