using Continuity.Reliability.Distributions;

namespace Continuity.Reliability.Estimation;

/// <summary>
/// A probability of success after counting trials: beta with prior + successes, prior + failures (the conjugate of the
/// binomial distribution).
/// </summary>
public sealed class SuccessEstimate
{
    internal SuccessEstimate(SuccessPrior prior, int successes, int trials)
    {
        (Prior, Successes, Trials) = (prior, successes, trials);
        Posterior = new BetaDistribution(prior.Successes + successes, prior.Failures + (trials - successes));
        Failure = new BetaDistribution(Posterior.Beta, Posterior.Alpha);
    }

    /// <summary>What was known before.</summary>
    public SuccessPrior Prior { get; }

    /// <summary>The trials that succeeded.</summary>
    public int Successes { get; }

    /// <summary>The trials.</summary>
    public int Trials { get; }

    /// <summary>What is known now of the probability of success.</summary>
    public BetaDistribution Posterior { get; }

    /// <summary>The same of the probability of failing, which keeps its digits when it is small.</summary>
    public BetaDistribution Failure { get; }

    /// <summary>The mean probability of success.</summary>
    public double Probability => Posterior.Mean;

    /// <summary>Where the probability of success is, with a probability (a credible interval, equal tails).</summary>
    /// <param name="level">The probability, for example 0.9.</param>
    public ValueRange Interval(double level) => Posterior.Interval(level);
}
