using Continuity.Reliability.Distributions;

namespace Continuity.Reliability.Living;

/// <summary>How often a component fails and how long its repair takes.</summary>
/// <param name="Failures">The failures that its rate is known from: the shape of a gamma distribution.</param>
/// <param name="Hours">The hours in which they were seen: its rate.</param>
/// <param name="RepairHours">The mean time to repair (MTTR), detection included, in hours.</param>
/// <param name="Source">Where the numbers come from.</param>
public sealed record ComponentData(double Failures, double Hours, double RepairHours, string Source)
{
    /// <summary>Failures an hour, at the mean.</summary>
    public double FailureRate => Failures / Hours;

    /// <summary>What is known of the failures an hour.</summary>
    internal GammaDistribution Rate => new(Failures, Hours);

    /// <summary>The long-run unavailability at a failure rate: l r / (1 + l r).</summary>
    internal double UnavailabilityAt(double rate) => rate * RepairHours / (1 + (rate * RepairHours));

    internal void Check(ComponentClass name)
    {
        Require.Positive(Failures, $"The number of failures of a {name}");
        Require.Positive(Hours, $"The hours of a {name}");
        Require.Rate(RepairHours, $"The repair time of a {name}");
    }
}
