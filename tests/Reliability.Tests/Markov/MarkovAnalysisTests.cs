using Continuity.Reliability.Markov;

namespace Continuity.Reliability.Tests.Markov;

/// <summary>Chains whose answers are known in closed form.</summary>
public sealed class MarkovAnalysisTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1e-3, 0.5, 10)]
    [InlineData(1e-6, 1e4, 8760)]
    [InlineData(2, 2, 1)]
    [InlineData(1e-9, 1e-2, 1e-3)]
    public void TwoStates_FollowTheirFormula(double fails, double repairs, double time)
    {
        var sum = fails + repairs;
        var expected = fails / sum * -Numerics.Stable.ExpMinusOne(-sum * time);

        var solution = new MarkovAnalysis(Pair(fails, repairs)).Transient(time, Token);

        Close.Assert(expected, solution.Distribution[1], 1e-10);
        Close.Assert(1 - expected, solution.Distribution[0], 1e-10);
        Close.Assert(time, solution.Occupancy[0] + solution.Occupancy[1], 1e-10);
    }

    [Fact]
    public void Queue_HasItsGeometricSteadyState()
    {
        const int Room = 1500;
        var entries = Enumerable.Range(0, Room)
            .SelectMany(i => new[] { new RateEntry(i, i + 1, 0.5), new RateEntry(i + 1, i, 1.0) });
        var chain = MarkovChain.StartingIn(RateMatrix.FromEntries(Room + 1, entries), 0);

        var swept = new MarkovAnalysis(chain).SteadyState(Token);

        Close.Assert(0.5, swept.Distribution[0], 1e-9);
        Close.Assert(Math.ScaleB(0.5, -200), swept.Distribution[200], 1e-7);
    }

    [Fact]
    public void RedundantPair_MeanTimeToFailure_KeepsItsDigitsWhenStiff()
    {
        const double Fails = 1e-6;
        const double Repairs = 1e4;
        var rates = RateMatrix.FromEntries(
            3, [new(0, 1, 2 * Fails), new(1, 0, Repairs), new(1, 2, Fails)]);
        var failed = StateSet.Of(3, 2);

        var analysis = new MarkovAnalysis(MarkovChain.StartingIn(rates, 0));
        var absorption = analysis.Absorption(failed, Token);

        // Two hot units, one crew: (3 l + m) / (2 l^2).
        Close.Assert(((3 * Fails) + Repairs) / (2 * Fails * Fails), absorption.MeanTime, 1e-13);
        Assert.True(absorption.IsCertain);
        Close.Assert(8760 / absorption.MeanTime, analysis.Reach(failed, 8760, Token), 1e-7);
    }

    [Fact]
    public void TinyProbability_OfManyFailuresInAMoment_IsExact()
    {
        var entries = Enumerable.Range(0, 5).Select(i => new RateEntry(i, i + 1, 1e-6));
        var chain = MarkovChain.StartingIn(RateMatrix.FromEntries(6, entries), 0);
        var steps = new TransientOptions { MaximumDenseStates = 0 };

        var fifth = new MarkovAnalysis(chain) { Transients = steps }.Transient(1, Token).Distribution[5];

        // The fifth event of a Poisson process: x^5/120 (1 - 5x/6 + ...).
        Close.Assert(1e-30 / 120 * (1 - (5e-6 / 6)), fifth, 1e-11);
    }

    [Fact]
    public void TwoEnds_ShareTheLongRun()
    {
        var rates = RateMatrix.FromEntries(3, [new(0, 1, 3), new(0, 2, 1)]);
        var analysis = new MarkovAnalysis(MarkovChain.StartingIn(rates, 0));

        var longRun = analysis.SteadyState(Token);
        var second = analysis.Absorption(StateSet.Of(3, 2), Token);

        Close.Assert(0.75, longRun.Distribution[1], 1e-14);
        Close.Assert(0.25, second.Probability, 1e-14);
        Assert.False(second.IsCertain);
        Assert.Equal(double.PositiveInfinity, second.MeanTime);
    }

    [Fact]
    public void Until_RespectsBothBounds()
    {
        var rates = RateMatrix.FromEntries(2, [new(0, 1, 1)]);
        var analysis = new MarkovAnalysis(MarkovChain.StartingIn(rates, 0));
        var (up, down) = (StateSet.Of(2, 0), StateSet.Of(2, 1));

        Close.Assert(Math.Exp(-1) - Math.Exp(-3), analysis.Until(up, down, 1, 3, Token), 1e-12);
        Close.Assert(Math.Exp(-1), analysis.Until(up, down, 1, double.PositiveInfinity, Token), 1e-12);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void UnusableNumbers_AreRefusedByName(double bad)
    {
        var analysis = new MarkovAnalysis(Pair(1, 1));
        var model = new StateModel();
        var x = model.AddVariable("x", 0, 3, 0);
        model.AddTransition("leap", state => state[x] == 0, _ => bad, next => next[x]++);

        Assert.Throws<ArgumentOutOfRangeException>(() => analysis.Transient(bad, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateMatrix.FromEntries(2, [new(0, 1, bad)]));
        var error = Assert.Throws<InvalidStateModelException>(() => model.Explore(Token));
        Assert.Contains("'leap'", error.Message, StringComparison.Ordinal);
        Assert.Contains("x=0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exploration_StopsAtItsLimitsAndRanges()
    {
        var model = new StateModel();
        var x = model.AddVariable("x", 0, 99, 0);
        model.AddTransition("up", _ => true, 1, next => next[x]++);

        Assert.Throws<StateSpaceTooLargeException>(() => model.Explore(10, Token));
        var error = Assert.Throws<InvalidStateModelException>(() => model.Explore(Token));
        Assert.Contains("sets x to 100", error.Message, StringComparison.Ordinal);
    }

    private static MarkovChain Pair(double fails, double repairs) =>
        MarkovChain.StartingIn(RateMatrix.FromEntries(2, [new(0, 1, fails), new(1, 0, repairs)]), 0);
}
