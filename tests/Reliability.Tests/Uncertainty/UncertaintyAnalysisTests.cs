using Continuity.Reliability.Analysis;
using Continuity.Reliability.Distributions;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Uncertainty;

namespace Continuity.Reliability.Tests.Uncertainty;

public sealed class UncertaintyAnalysisTests
{
    private static readonly FaultGraph _single = Graph(GateKind.Or, "a");
    private static readonly FaultGraph _either = Graph(GateKind.Or, "a", "b");
    private static readonly FaultGraph _both = Graph(GateKind.And, "a", "b");

    public static TheoryData<Distribution> Probabilities =>
    [
        LognormalDistribution.FromMean(1e-4, 3),
        new BetaDistribution(2, 50),
        new GammaDistribution(1.5, 300),
        new UniformDistribution(0.1, 0.4),
        new NormalDistribution(0.5, 0.02),
    ];

    [Theory]
    [MemberData(nameof(Probabilities))]
    public void SingleEvent_HasTheDistributionOfItsParameter(Distribution distribution)
    {
        var model = new UncertaintyModelBuilder(_single).Use("a", distribution).Build();

        var result = Run(model, new UncertaintyOptions { Samples = 20_000, Seed = 11 });

        Close.Assert(distribution.Mean, result.Mean, 1e-3);
        Close.Assert(distribution.StandardDeviation, result.StandardDeviation, 5e-3);
        foreach (var p in new[] { 0.05, 0.5, 0.95 })
        {
            Close.Assert(distribution.Quantile(p), result.Quantile(p), 2e-3);
        }

        Assert.Equal(0, result.Clipped);
    }

    [Fact]
    public void IndependentEvents_MultiplyTheirMeans()
    {
        var (a, b) = (new BetaDistribution(1, 9), new UniformDistribution(0, 0.5));
        var model = new UncertaintyModelBuilder(_either).Use("a", a).Use("b", b).Build();

        var result = Run(model, new UncertaintyOptions { Samples = 50_000, Method = SamplingMethod.MonteCarlo });

        var expected = 1 - ((1 - a.Mean) * (1 - b.Mean));
        var range = result.MeanInterval(0.9999);
        Assert.InRange(expected, range.Lower, range.Upper);
        Close.Assert(expected, result.Mean, 0.01);
    }

    [Fact]
    public void SharedParameter_AddsItsVarianceToTheMean()
    {
        var rate = LognormalDistribution.FromMean(1e-3, 5);
        var model = new UncertaintyModelBuilder(_both)
            .AddParameter("make of disk", rate).Use("a", "make of disk").Use("b", "make of disk").Build();

        var result = Run(model, new UncertaintyOptions { Samples = 200_000 });

        // E[p p] = mean^2 + variance: three times what two parameters of their own would give.
        var expected = (rate.Mean * rate.Mean) + (rate.StandardDeviation * rate.StandardDeviation);
        Close.Assert(expected, result.Mean, 0.02);
        Assert.True(result.Mean > 2.5 * rate.Mean * rate.Mean);
    }

    [Theory]
    [InlineData(SamplingMethod.MonteCarlo, 0.7)]
    [InlineData(SamplingMethod.LatinHypercube, 0.7)]
    [InlineData(SamplingMethod.LatinHypercube, -0.7)]
    public void CorrelatedParameters_HaveTheirProductsMean(SamplingMethod method, double correlation)
    {
        var (a, b) = (new LognormalDistribution(-5, 0.5), new LognormalDistribution(-4, 0.4));
        var model = new UncertaintyModelBuilder(_both)
            .Use("a", a).Use("b", b).Correlate("a", "b", correlation).Build();

        var result = Run(model, new UncertaintyOptions { Samples = 200_000, Method = method });

        Close.Assert(a.Mean * b.Mean * Math.Exp(correlation * 0.5 * 0.4), result.Mean, 0.01);
    }

    [Theory]
    [InlineData(SamplingMethod.MonteCarlo)]
    [InlineData(SamplingMethod.LatinHypercube)]
    public void Result_IsTheSameWithAnyNumberOfThreads(SamplingMethod method)
    {
        var model = new UncertaintyModelBuilder(_either)
            .Use("a", new GammaDistribution(0.5, 100))
            .Use("b", new BetaDistribution(2, 30))
            .Correlate("a", "b", 0.3)
            .Build();
        var options = new UncertaintyOptions { Samples = 9_999, Seed = -42, Method = method };

        var one = Run(model, options with { MaxThreads = 1 });

        foreach (var threads in new[] { 2, 3, 16 })
        {
            var many = Run(model, options with { MaxThreads = threads });
            Assert.Equal(one.Mean, many.Mean);
            Assert.Equal(one.StandardDeviation, many.StandardDeviation);
            Assert.Equal(one.Sorted, many.Sorted);
        }

        Assert.NotEqual(one.Mean, Run(model, options with { Seed = -43 }).Mean);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_000)]
    [InlineData(4_097)]
    public void LatinHypercube_HitsEveryStratumOnce(int samples)
    {
        var model = new UncertaintyModelBuilder(_either)
            .Use("a", new UniformDistribution(0, 1)).AddParameter("b", new UniformDistribution(0, 1))
            .Correlate("a", "b", 0.5)
            .Build();
        var alone = new UncertaintyModelBuilder(_single).Use("a", new UniformDistribution(0, 1)).Build();
        var options = new UncertaintyOptions { Samples = samples, Seed = 5 };

        foreach (var sorted in new[] { Run(model, options).Sorted.ToArray(), Run(alone, options).Sorted.ToArray() })
        {
            for (var stratum = 0; stratum < samples; stratum++)
            {
                Assert.InRange(sorted[stratum], stratum / (double)samples, (stratum + 1) / (double)samples);
            }
        }
    }

    [Fact]
    public void QuantileIntervals_HoldTheQuantileAsOftenAsTheySay()
    {
        var truth = LognormalDistribution.FromMedian(1e-3, 10);
        var model = new UncertaintyModelBuilder(_single).Use("a", truth).Build();
        var options = new UncertaintyOptions { Samples = 300, Method = SamplingMethod.MonteCarlo };

        var held = Enumerable.Range(0, 400).Count(seed =>
        {
            var range = Run(model, options with { Seed = seed, MaxThreads = 1 }).QuantileInterval(0.95, 0.9);
            return range.Lower <= truth.Quantile(0.95) && truth.Quantile(0.95) <= range.Upper;
        });

        // 400 trials of at least 0.9: below 345 once in thousands; far above 385 the intervals would say nothing.
        Assert.InRange(held, 345, 385);
    }

    [Fact]
    public void ValuesOutsideZeroToOne_AreClippedAndCounted()
    {
        var model = new UncertaintyModelBuilder(_single).Use("a", new NormalDistribution(0, 0.1)).Build();

        var result = Run(model, new UncertaintyOptions { Samples = 1_000 });

        Assert.Equal(500, result.Clipped);
        Assert.Equal(0, result.Quantile(0));
    }

    [Fact]
    public void FunctionOfAParameter_ThatIsNoNumber_IsNamed()
    {
        var model = new UncertaintyModelBuilder(_single)
            .AddParameter("rate", new UniformDistribution(0, 1)).Use("a", "rate", _ => double.NaN).Build();

        var error = Assert.Throws<InvalidOperationException>(() => Run(model, new UncertaintyOptions()));

        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'rate'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ReportsEveryErrorAtOnce()
    {
        var uniform = new UniformDistribution(0, 1);
        var builder = new UncertaintyModelBuilder(_both)
            .AddParameter("x", uniform).AddParameter("x", uniform)
            .AddParameter("y", uniform).AddParameter("z", uniform)
            .Use("nothing", "x").Use("a", "x").Use("a", "y").Use("b", "absent")
            .Correlate("x", "x", 0.1).Correlate("y", "absent", 0.1).Correlate("x", "y", 1.5)
            .Correlate("x", "z", 0.9).Correlate("y", "z", -0.9);

        Assert.False(builder.TryBuild(out _, out var errors));

        Assert.Equal(
            ["a", "b", "nothing", "x", "x", "x", "x, y, z", "y"], errors.Select(error => error.Element).Order());
    }

    [Fact]
    public void Cancellation_EndsTheSampling()
    {
        var model = new UncertaintyModelBuilder(_single).Use("a", new UniformDistribution(0, 1)).Build();
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => UncertaintyAnalysis.Run(
            Analyse(_single).Evaluator, model, new UncertaintyOptions { Samples = 10_000_000 }, source.Token));
    }

    private static UncertaintyResult Run(UncertaintyModel model, UncertaintyOptions options) => UncertaintyAnalysis.Run(
        Analyse(model.Graph).Evaluator, model, options, TestContext.Current.CancellationToken);

    private static FaultAnalysis Analyse(FaultGraph graph) =>
        FaultAnalysis.Run(graph, new AnalysisOptions(), TestContext.Current.CancellationToken);

    private static FaultGraph Graph(GateKind kind, params string[] events)
    {
        var builder = new FaultGraphBuilder("test").AddGate("top", kind, events);
        foreach (var id in events)
        {
            builder.AddEvent(id, 0);
        }

        return builder.Build();
    }
}
