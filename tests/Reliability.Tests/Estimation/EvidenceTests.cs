using Continuity.Reliability.Distributions;
using Continuity.Reliability.Estimation;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Tests.Estimation;

public sealed class EvidenceTests
{
    private static FaultRecord Incident(double? repair = null, bool? failover = null) =>
        new("replica", EvidenceOrigin.Incident, repair, failover);

    private static FaultRecord Drill(double? repair = null, bool? failover = null) =>
        new("replica", EvidenceOrigin.Drill, repair, failover);

    [Fact]
    public void PublishedGpuRate_IsOneIn143000Hours()
    {
        var rate = Evidence.None.Rate("gpu", PublishedRates.Gpu);

        Assert.Equal(21_233_664, PublishedRates.GpuHours);
        Close.Assert(148 / 21_233_664.0, rate.PerHour, 1e-14);
        Close.Assert(143_470.7, rate.MeanHoursBetween, 1e-6);

        // A count of 148 is known to its square root: about 14 % either way at nine in ten.
        var range = rate.Interval(0.9);
        Assert.InRange(range.Lower / rate.PerHour, 0.86, 0.88);
        Assert.InRange(range.Upper / rate.PerHour, 1.13, 1.15);
        Assert.Contains("Llama 3", rate.Prior.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_CountsIncidentsAndNoDrills()
    {
        var evidence = Watched(1000, Incident(), Incident(), Incident(), Drill(), Drill());

        var rate = evidence.Rate("replica", RatePrior.Jeffreys);

        Assert.Equal(3, rate.Failures);
        Close.Assert(3.5 / 1000, rate.PerHour, 1e-15);
    }

    [Fact]
    public void RateInterval_OfNoFailures_HasItsClosedForm()
    {
        // With a prior of one failure in no time, after T hours without any: exponential with mean 1/T.
        var rate = Watched(500).Rate("replica", new RatePrior(1, 0, "test"));

        Close.Assert(-Math.Log(0.05) / 500, rate.Posterior.Quantile(0.95), 1e-12);
    }

    [Fact]
    public void FailoverSuccess_CountsIncidentsAndDrills()
    {
        var evidence = Watched(
            1000,
            Incident(failover: true), Incident(failover: false), Incident(), Drill(failover: true),
            Drill(failover: true), Drill(failover: false));

        var success = evidence.FailoverSuccess("replica", SuccessPrior.Uniform);

        Assert.Equal((3, 5), (success.Successes, success.Trials));
        Close.Assert(4 / 7.0, success.Probability, 1e-15);
        Close.Assert(3 / 7.0, success.Failure.Mean, 1e-15);
        Assert.InRange(success.Probability, success.Interval(0.9).Lower, success.Interval(0.9).Upper);
    }

    [Fact]
    public void FailoverSuccess_WithoutAFailure_HasItsClosedForm()
    {
        var evidence = Watched(0, [.. Enumerable.Repeat(Drill(failover: true), 19)]);

        var success = evidence.FailoverSuccess("replica", SuccessPrior.Uniform);

        // Laplace: after n successes in n trials, P(p > x) = 1 - x^(n + 1).
        Close.Assert(Math.Pow(0.05, 1 / 20.0), success.Posterior.Quantile(0.05), 1e-12);
    }

    [Fact]
    public void RepairTimes_OfManyRepairs_AreThoseMeasured()
    {
        var truth = new LognormalDistribution(0.7, 0.5);
        var times = Enumerable.Range(0, 2000).Select(i => truth.Quantile((i + 0.5) / 2000));
        var evidence = Watched(1e6, [.. times.Select(time => Incident(time)), Drill(1e-3), Incident()]);

        var repair = evidence.RepairTime("replica", RepairTimePrior.Vague);

        Assert.Equal(2000, repair.Repairs);
        Close.Assert(truth.Median, repair.Hours.Median, 1e-3);
        Close.Assert(truth.Mean, repair.MeanHours, 2e-3);
        var median = repair.MedianInterval(0.9);
        Assert.InRange(median.Upper / median.Lower, 1.03, 1.04);
        var mean = repair.MeanInterval(0.9);
        Assert.InRange(truth.Mean, mean.Lower, mean.Upper);

        // The logarithm of the mean is known to sqrt((s^2 + s^4/2) / n).
        var known = 2 * 1.645 * Math.Sqrt((0.25 + (0.0625 / 2)) / 2000);
        Close.Assert(known, Math.Log(mean.Upper / mean.Lower), 0.05);
    }

    [Fact]
    public void RepairTimes_WithFewRepairs_StayNearThePrior()
    {
        var prior = new RepairTimePrior(2, 1, 3, "test");
        var repair = Watched(100, Incident(8)).RepairTime("replica", prior);

        Close.Assert(Math.Exp(((3 * Math.Log(2)) + Math.Log(8)) / 4), repair.Hours.Median, 1e-14);
        var gap = Math.Log(8) - Math.Log(2);
        Close.Assert(Math.Sqrt((3 + (0.75 * gap * gap)) / 4), repair.Hours.LogDeviation, 1e-14);
        Assert.True(repair.MeanInterval(0.9).Upper > 3 * repair.MeanInterval(0.9).Lower);
        Assert.Equal(repair.MeanInterval(0.9), repair.MeanInterval(0.9));
    }

    [Fact]
    public void RateIntervals_HoldTheRateAsOftenAsTheySay()
    {
        var random = new Random(20261126);
        var held = 0;
        const int Trials = 600;
        for (var i = 0; i < Trials; i++)
        {
            // Rates drawn from the prior: then credible intervals are exact.
            var prior = new RatePrior(2, 100, "test");
            var rate = new GammaDistribution(2, 100).Quantile(random.NextDouble());
            var failures = MathNet.Numerics.Distributions.Poisson.Sample(random, rate * 300);
            var range = Watched(300, [.. Enumerable.Repeat(Incident(), failures)]).Rate("replica", prior).Interval(0.9);
            held += range.Lower <= rate && rate <= range.Upper ? 1 : 0;
        }

        Assert.InRange(held / (double)Trials, 0.87, 0.93);
    }

    [Fact]
    public void WeakenedPrior_KeepsTheRateAndGivesWay()
    {
        var weak = PublishedRates.Gpu.Weakened(2);

        Assert.Equal(2, weak.Failures, 1e-12);
        Close.Assert(PublishedRates.Gpu.Failures / PublishedRates.Gpu.Hours, weak.Failures / weak.Hours, 1e-14);
        Assert.Equal(weak, weak.Weakened(3));
    }

    [Fact]
    public void UnusableEvidence_IsRefusedAllAtOnce()
    {
        var error = Assert.Throws<InvalidModelException>(() => new Evidence(
            [Incident(-1), Incident(double.NaN), new FaultRecord("disk", EvidenceOrigin.Incident)],
            new Dictionary<string, double> { ["replica"] = 10, ["gpu"] = double.NaN }));

        Assert.Equal(["disk", "gpu", "replica", "replica"], error.Errors.Select(item => item.Element).Order());
        Assert.Throws<ArgumentException>(() => Evidence.None.Rate("gpu", RatePrior.Jeffreys));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RatePrior(0, 1, "test"));
    }

    private static Evidence Watched(double hours, params FaultRecord[] faults) =>
        new(faults, new Dictionary<string, double> { ["replica"] = hours });
}
