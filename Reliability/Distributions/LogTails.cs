namespace Continuity.Reliability.Distributions;

/// <summary>A positive distribution seen on a logarithmic scale, both of its tails given apart.</summary>
internal sealed class LogTails
{
    // Below this a value has left the range of doubles; its leading power is then exact to all digits.
    private const double LogSmallest = -680;
    private const int MaximumSteps = 200;
    private const double Enough = 1e-13;

    /// <summary>P(X below x).</summary>
    public required Func<double, double> Lower { get; init; }

    /// <summary>P(X above x), without subtracting from one.</summary>
    public required Func<double, double> Upper { get; init; }

    /// <summary>The logarithm of the density of log X, given x and log x.</summary>
    public required Func<double, double, double> LogDensity { get; init; }

    /// <summary>Near zero, P(X below x) = coefficient x^power.</summary>
    public required double Power { get; init; }

    /// <summary>The logarithm of that coefficient.</summary>
    public required double LogCoefficient { get; init; }

    /// <summary>A place near the middle of the distribution.</summary>
    public required double LogStart { get; init; }

    /// <summary>The logarithm of the largest value.</summary>
    public required double LogLimit { get; init; }

    /// <summary>The logarithm of a quantile.</summary>
    /// <param name="lower">The probability below it.</param>
    /// <param name="upper">The probability above it.</param>
    /// <param name="guess">Where to start.</param>
    /// <remarks>
    /// Newton's method on the logarithm of the smaller tail, which is nearly straight there; a bracket catches
    /// what it overshoots.
    /// </remarks>
    public double LogQuantile(double lower, double upper, double guess = double.NaN)
    {
        var byPower = (Math.Log(lower) - LogCoefficient) / Power;
        if (byPower < LogSmallest)
        {
            return byPower;
        }

        var isLower = lower <= upper;
        var target = Math.Log(isLower ? lower : upper);
        var (least, most) = (LogSmallest, LogLimit);
        var log = double.IsFinite(guess) ? guess : LogStart;
        log = Math.Clamp(log, least, Math.Min(most, 700));
        for (var step = 0; step < MaximumSteps; step++)
        {
            var x = Math.Exp(log);
            var tail = isLower ? Lower(x) : Upper(x);
            var miss = Math.Log(tail) - target;
            if (miss > 0 == isLower)
            {
                most = log;
            }
            else
            {
                least = log;
            }

            var slope = Math.Exp(LogDensity(x, log)) / tail;
            var next = log - (isLower ? miss / slope : -miss / slope);
            if (Math.Abs(next - log) <= Enough * Math.Max(1, Math.Abs(log)))
            {
                return next;
            }

            if (!(next > least && next < most))
            {
                next = double.IsInfinity(most) ? log + 1 : least + ((most - least) / 2);
            }

            if (most - least <= Enough * Math.Max(1, Math.Abs(least)))
            {
                return next;
            }

            log = next;
        }

        return log;
    }

    /// <summary>How fast the logarithm of the value grows with the normal score at a place.</summary>
    public double SlopeInScore(double log, double score)
    {
        // Where the value is below the range of doubles the density is that of the leading power.
        var logDensity = log < LogSmallest
            ? Math.Log(Power) + LogCoefficient + (Power * log)
            : LogDensity(Math.Exp(log), log);
        var slope = Math.Exp((-score * score / 2) - (Math.Log(2 * Math.PI) / 2) - logDensity);

        // At the very end of a range the density may be without bound or zero; the value no longer moves there.
        return double.IsFinite(slope) ? slope : 0;
    }
}
