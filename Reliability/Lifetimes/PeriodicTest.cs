using Continuity.Reliability.Numerics;

namespace Continuity.Reliability.Lifetimes;

/// <summary>
/// A standby component whose failures stay hidden until it is tested: a backup generator, a failover path.
/// </summary>
/// <remarks>
/// Constant failure rate l; tests at times first, first + interval, ...; a failure that a test finds is repaired at
/// once (<see cref="RepairRate"/> infinite) or at a constant rate, during which the component is down; while working
/// it can fail again before the next test. Tests are perfect and take no time; what a demand itself breaks is
/// <see cref="DemandFailure"/>. The Open-PSA "periodic-test" expression with 4 or 5 parameters.
/// </remarks>
public sealed record PeriodicTest
{
    /// <summary>Failures per unit of time, zero or more.</summary>
    public required double FailureRate
    {
        get;
        init
        {
            Require.Rate(value, "The failure rate");
            field = value;
        }
    }

    /// <summary>The time between two tests, above zero.</summary>
    public required double Interval
    {
        get;
        init
        {
            Require.Positive(value, "The test interval");
            field = value;
        }
    }

    /// <summary>The time of the first test, zero or more.</summary>
    /// <value>The default, null, is one <see cref="Interval"/>.</value>
    public double? FirstTest
    {
        get;
        init
        {
            Require.Rate(value ?? 0, "The time of the first test");
            field = value;
        }
    }

    /// <summary>Repairs per unit of time of a failure that a test found, above zero.</summary>
    /// <value>The default is infinity: repaired at once.</value>
    public double RepairRate
    {
        get;
        init
        {
            if (!(value > 0))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, $"The repair rate is {value}; it must be above zero.");
            }

            field = value;
        }
    } = double.PositiveInfinity;

    /// <summary>The probability that a demand finds it failed for a reason no test shows beforehand.</summary>
    /// <value>The default is 0.</value>
    public double DemandFailure
    {
        get;
        init
        {
            Require.Probability(value, "The probability of failing on demand");
            field = value;
        }
    }

    /// <summary>
    /// The mean unavailability between tests when repair is at once: 1 - (1 - exp(-l T)) / (l T), about l T / 2.
    /// </summary>
    public double MeanUnavailability => WithDemand(Stable.MeanOfOneMinusExp(FailureRate * Interval));

    /// <summary>The probability of being down at a time, a demand at that time included.</summary>
    /// <param name="time">Finite, zero or more.</param>
    /// <returns>The unavailability; just after a test at the time of a test.</returns>
    /// <remarks>Cost: constant when repair is at once, O(tests) otherwise, until successive tests no longer differ.
    /// </remarks>
    public double Unavailability(double time)
    {
        Require.Rate(time, "The time");
        var first = FirstTest ?? Interval;
        if (time < first)
        {
            return WithDemand(-Stable.ExpMinusOne(-FailureRate * time));
        }

        var tests = Math.Floor((time - first) / Interval);
        var since = time - first - (tests * Interval);
        if (double.IsPositiveInfinity(RepairRate))
        {
            return WithDemand(-Stable.ExpMinusOne(-FailureRate * since));
        }

        var failed = -Stable.ExpMinusOne(-FailureRate * first);
        for (var test = 0.0; test < tests; test++)
        {
            var next = AfterTest(failed, Interval);
            if (next == failed)
            {
                break;
            }

            failed = next;
        }

        return WithDemand(AfterTest(failed, since));
    }

    // At the test a part "failed" is found failed and under repair; both parts may fail, hidden, until the next test.
    private double AfterTest(double failed, double since)
    {
        var hidden = -Stable.ExpMinusOne(-FailureRate * since);
        var underRepair = Math.Exp(-RepairRate * since);
        return ((1 - failed) * hidden) + (failed * (underRepair + RepairedAndFailedAgain(since)));
    }

    // Convolution of the repair time with the failure time: the part that is repaired, then fails before the test.
    private double RepairedAndFailedAgain(double since)
    {
        var (l, m) = (FailureRate, RepairRate);
        var repaired = -Stable.ExpMinusOne(-m * since);

        // Working at the end: m (exp(-l t) - exp(-m t)) / (m - l), which is m t exp(-m t) when the rates are equal.
        var working = m * since * Math.Exp(-Math.Min(l, m) * since) * Stable.MeanOfExp(Math.Abs(m - l) * since);
        return Math.Max(0, repaired - working);
    }

    private double WithDemand(double unavailability) =>
        unavailability + ((1 - unavailability) * DemandFailure);
}
