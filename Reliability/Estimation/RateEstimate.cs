using Continuity.Reliability.Distributions;

namespace Continuity.Reliability.Estimation;

/// <summary>
/// A constant failure rate after counting failures: gamma with shape prior + failures, rate prior + hours (the
/// conjugate of the Poisson distribution).
/// </summary>
/// <remarks>Assumes that failures come independently of each other at a constant rate.</remarks>
public sealed class RateEstimate
{
    internal RateEstimate(RatePrior prior, int failures, double hours)
    {
        (Prior, Failures, ExposureHours) = (prior, failures, hours);
        if (prior.Hours + hours == 0)
        {
            throw new ArgumentException(
                $"Nothing is known of the rate: the prior ('{prior.Source}') has no hours and nothing was watched. "
                + "Take a published prior, or give the exposure.",
                nameof(prior));
        }

        Posterior = new GammaDistribution(prior.Failures + failures, prior.Hours + hours);
    }

    /// <summary>What was known before.</summary>
    public RatePrior Prior { get; }

    /// <summary>The failures counted.</summary>
    public int Failures { get; }

    /// <summary>The hours watched.</summary>
    public double ExposureHours { get; }

    /// <summary>What is known now: failures an hour.</summary>
    public GammaDistribution Posterior { get; }

    /// <summary>The mean rate: failures an hour.</summary>
    public double PerHour => Posterior.Mean;

    /// <summary>Hours between failures at the mean rate.</summary>
    public double MeanHoursBetween => 1 / Posterior.Mean;

    /// <summary>Where the rate is, with a probability (a credible interval, equal tails).</summary>
    /// <param name="level">The probability, for example 0.9.</param>
    public ValueRange Interval(double level) => Posterior.Interval(level);
}
