using Continuity.Reliability.Estimation;
using Continuity.Reliability.Lifetimes;

namespace Continuity.Reliability.Living;

/// <summary>The numbers behind a platform's model. Every default names its source; assumed ones say so.</summary>
public sealed record PlatformAssumptions
{
    private const double HoursPerYear = 8760;
    private const double GpusPerReplica = 8;

    /// <summary>Whole sites.</summary>
    /// <value>The default is one outage in two years, known to a factor of about 3, of 4 hours: assumed.</value>
    public ComponentData Site { get; init; } = Assumed(0.5, 4);

    /// <summary>Gateways.</summary>
    /// <value>The default is two failures a year of 6 minutes: assumed.</value>
    public ComponentData Gateway { get; init; } = Assumed(2, 0.1);

    /// <summary>Replicas.</summary>
    /// <value>
    /// The default is that of 8 GPUs in a published training run (<see cref="PublishedRates.AnyInterruption"/>), made
    /// to weigh 2 failures, and half an hour (assumed) to run again.
    /// </value>
    public ComponentData Replica { get; init; } = OfGpus(GpusPerReplica);

    /// <summary>Storage of a site.</summary>
    /// <value>The default is one failure in two years of 8 hours: assumed.</value>
    public ComponentData Storage { get; init; } = Assumed(0.5, 8);

    /// <summary>Failure domains below a site, where nothing is known of their kind.</summary>
    /// <value>The default is one failure in ten years of 4 hours: assumed.</value>
    public ComponentData Infrastructure { get; init; } = Assumed(0.1, 4);

    /// <summary>The part of a replica's failures that hits all replicas of its service: a bad model or
    /// release.</summary>
    /// <value>The default is 0.05, usual for a beta factor where nothing is known.</value>
    public double CommonCauseShare { get; init; } = 0.05;

    /// <summary>How often the way to a site that stands by breaks without anybody seeing it, per hour.</summary>
    /// <value>The default is once in two years: assumed.</value>
    public double FailoverDecay { get; init; } = 1 / (2 * HoursPerYear);

    /// <summary>The hours between two drills that show it.</summary>
    /// <value>The default is a year.</value>
    public double FailoverTestHours { get; init; } = HoursPerYear;

    /// <summary>The probability that a failover fails for a reason that no drill shows beforehand.</summary>
    /// <value>The default is 0.02: assumed, to be replaced by what drills and incidents say.</value>
    public double FailoverFailure { get; init; } = 0.02;

    /// <summary>The mission whose reliability R is asked for, in hours.</summary>
    /// <value>The default is 30 days.</value>
    public double MissionHours { get; init; } = 720;

    /// <summary>The data of a class.</summary>
    /// <param name="name">The class.</param>
    public ComponentData Of(ComponentClass name) => name switch
    {
        ComponentClass.Site => Site,
        ComponentClass.Gateway => Gateway,
        ComponentClass.Replica => Replica,
        ComponentClass.Infrastructure => Infrastructure,
        _ => Storage,
    };

    /// <summary>The same assumptions with other data for a class.</summary>
    /// <param name="name">The class.</param>
    /// <param name="data">Its data.</param>
    public PlatformAssumptions With(ComponentClass name, ComponentData data) => name switch
    {
        ComponentClass.Site => this with { Site = data },
        ComponentClass.Gateway => this with { Gateway = data },
        ComponentClass.Replica => this with { Replica = data },
        ComponentClass.Infrastructure => this with { Infrastructure = data },
        _ => this with { Storage = data },
    };

    /// <summary>The same assumptions after own incidents and drills: what they say takes the place of priors.</summary>
    /// <param name="evidence">
    /// Faults and exposure by class, under the names of <see cref="ComponentClass"/>; failovers under "Site".
    /// </param>
    /// <remarks>A class that was not watched keeps its data.</remarks>
    public PlatformAssumptions After(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var result = this;
        foreach (var name in Enum.GetValues<ComponentClass>())
        {
            var (id, data) = (name.ToString(), Of(name));
            if (evidence.ExposureHours(id) > 0)
            {
                var rate = evidence.Rate(id, new RatePrior(data.Failures, data.Hours, data.Source));
                var repair = evidence.RepairTime(
                    id, new RepairTimePrior(Math.Max(data.RepairHours, 1e-3) / Math.Exp(0.5), 1, 1, data.Source));
                result = result.With(name, new ComponentData(
                    rate.Posterior.Shape,
                    rate.Posterior.Rate,
                    repair.Repairs == 0 ? data.RepairHours : repair.MeanHours,
                    $"{rate.Failures} incidents in {rate.ExposureHours:0} hours on top of: {data.Source}"));
            }
        }

        // As if one failover had been seen before, with the assumed probability of failing.
        var share = Math.Clamp(FailoverFailure, 1e-6, 1 - 1e-6);
        var success = evidence.FailoverSuccess(
            nameof(ComponentClass.Site), new SuccessPrior(1 - share, share, "assumed"));
        return success.Trials == 0 ? result : result with { FailoverFailure = success.Failure.Mean };
    }

    /// <summary>How probably a site that stands by cannot be switched to.</summary>
    internal double FailoverUnavailability => new PeriodicTest
    {
        FailureRate = FailoverDecay,
        Interval = FailoverTestHours,
        DemandFailure = FailoverFailure,
    }.MeanUnavailability;

    internal void Check()
    {
        foreach (var name in Enum.GetValues<ComponentClass>())
        {
            Of(name).Check(name);
        }

        Require.Probability(CommonCauseShare, "The share of common causes");
        Require.Rate(FailoverDecay, "The rate at which failover decays");
        Require.Positive(FailoverTestHours, "The time between failover drills");
        Require.Probability(FailoverFailure, "The probability that a failover fails");
        Require.Positive(MissionHours, "The mission");
    }

    private static ComponentData Assumed(double failuresPerYear, double repairHours) =>
        new(2, 2 * HoursPerYear / failuresPerYear, repairHours, "assumed, known to a factor of about 3");

    private static ComponentData OfGpus(double gpus)
    {
        var prior = PublishedRates.AnyInterruption.Weakened(2);
        return new ComponentData(
            prior.Failures, prior.Hours / gpus, 0.5, $"{prior.Source}; {gpus} GPUs a replica; repair assumed");
    }
}
