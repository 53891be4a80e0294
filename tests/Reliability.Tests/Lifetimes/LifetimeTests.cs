using Continuity.Reliability.Lifetimes;

namespace Continuity.Reliability.Tests.Lifetimes;

public sealed class LifetimeTests
{
    [Fact]
    public void Exponential_KeepsTinyProbabilities()
    {
        var lifetime = new ExponentialLifetime(1e-12);

        Close.Assert(1e-15, lifetime.Unreliability(1e-3), 1e-14);
        Close.Assert(1e12, lifetime.Mean, 1e-15);
        Close.Assert(1e-9, lifetime.Quantile(1e-21), 1e-14);
        Assert.Equal(1, lifetime.Unreliability(double.PositiveInfinity));
    }

    [Fact]
    public void Weibull_OfShapeOneIsExponential_AndOthersHaveTheirMean()
    {
        var straight = new WeibullLifetime(1, 500);

        Close.Assert(new ExponentialLifetime(1.0 / 500).Unreliability(123), straight.Unreliability(123), 1e-14);
        Close.Assert(Math.Sqrt(Math.PI) / 2, new WeibullLifetime(2, 1).Mean, 1e-13);
        Close.Assert(-Numerics.Stable.ExpMinusOne(-3), new WeibullLifetime(2, 1).ResidualUnreliability(1, 1), 1e-14);
        Close.Assert(0.3, straight.Unreliability(straight.Quantile(0.3)), 1e-13);
    }

    [Fact]
    public void Repairable_AgreesWithItsChainAndItsMean()
    {
        var component = new RepairableComponent(0.01, 0.5, 0.1);
        var byHand = (0.1 * Math.Exp(-1.02)) + (0.01 / 0.51 * (1 - Math.Exp(-1.02)));

        Close.Assert(byHand, component.Unavailability(2), 1e-13);
        Close.Assert(0.01 / 0.51, component.SteadyAvailability.Unavailability, 1e-15);
        Close.Assert(1e-9 * 1e-3 / 2, new RepairableComponent(1e-9, 1).Over(1e-3).Unavailability, 1e-3);

        const int Slices = 100_000;
        var mean = Enumerable.Range(0, Slices).Average(i => component.Unavailability((i + 0.5) * 10 / Slices));
        Close.Assert(mean, component.Over(10).Unavailability, 1e-8);
    }

    [Fact]
    public void PeriodicTest_IsASawtooth_AndSlowRepairAddsToIt()
    {
        var atOnce = new PeriodicTest { FailureRate = 1e-4, Interval = 100, FirstTest = 30 };
        var slowly = atOnce with { RepairRate = 0.1 };
        var equalRates = atOnce with { RepairRate = 1e-4 };

        Close.Assert(-Numerics.Stable.ExpMinusOne(-1e-4 * 20), atOnce.Unavailability(50), 1e-13);
        Close.Assert(-Numerics.Stable.ExpMinusOne(-1e-4 * 20), atOnce.Unavailability(250), 1e-13);
        Close.Assert(5e-3, atOnce.MeanUnavailability, 4e-3);
        Assert.True(slowly.Unavailability(131) > atOnce.Unavailability(131));
        Assert.True(equalRates.Unavailability(131) > slowly.Unavailability(131));
        Close.Assert(atOnce.Unavailability(250), (atOnce with { RepairRate = 1e9 }).Unavailability(250), 1e-9);
    }

    [Fact]
    public void Availability_CountsNinesAndDowntime()
    {
        var threeNines = new Availability(1e-3);

        Close.Assert(3, threeNines.Nines, 1e-15);
        Assert.Equal(TimeSpan.FromHours(8.76), threeNines.DowntimePerYear);
        Close.Assert(1.0 / 101, Availability.FromMeanTimes(100, 1).Unavailability, 1e-15);
        Assert.Equal(0, Availability.FromMeanTimes(100, 0).Unavailability);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void UnusableNumbers_AreRefused(double bad)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialLifetime(bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeibullLifetime(1, bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RepairableComponent(bad, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Availability(bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PeriodicTest { FailureRate = bad, Interval = 1 });
    }
}
