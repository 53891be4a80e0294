using Continuity.Reliability.Markov;
using Continuity.Reliability.Repair;

namespace Continuity.Reliability.Tests.Repair;

/// <summary>Systems whose answers are known in closed form.</summary>
public sealed class RepairableSystemTests
{
    private const double Fails = 0.01;
    private const double Repairs = 0.5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Spare_ThatIsNotRepaired_AddsItsMeanTime(double share)
    {
        var system = Solve(new UnitGroup("unit", 1)
        {
            FailureRate = Fails,
            Spares = 1,
            SpareKind = SpareKind.Warm(share),
        });

        // Until either of the two fails, then until the other does.
        Close.Assert((1 / (Fails * (1 + share))) + (1 / Fails), system.MeanTimeToFailure(Token), 1e-12);
    }

    [Fact]
    public void ColdSpares_MakeAnErlangLifetime()
    {
        var system = Solve(new UnitGroup("unit", 1) { FailureRate = Fails, Spares = 2 });
        var x = Fails * 50;

        var survival = Math.Exp(-x) * (1 + x + (x * x / 2));
        Close.Assert(1 - survival, system.Unreliability(50, Token), 1e-10);
        Assert.Equal(4, system.States);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.9)]
    [InlineData(0)]
    public void SwitchOver_ThatFails_EndsTheLifeOfAPair(double success)
    {
        var system = Solve(new UnitGroup("unit", 1)
        {
            FailureRate = Fails,
            Spares = 1,
            SwitchOver = new SwitchOver(success, 0),
        });

        Close.Assert((1 + success) / Fails, system.MeanTimeToFailure(Token), 1e-12);
    }

    [Fact]
    public void SwitchOver_IsRecoveredFrom()
    {
        // So rarely that nothing else happens meanwhile: downtime = failures x (1 - c) / recovery rate.
        const double Rare = 1e-9;
        var run = Solve(new UnitGroup("unit", 1)
        {
            FailureRate = Rare,
            RepairRate = 1,
            Spares = 1,
            SwitchOver = new SwitchOver(0.8, 0.25),
        }).LongRun(Token);

        Close.Assert(Rare * 0.2 / 0.25, run.Availability.Unavailability, 1e-7);
        Close.Assert(4, run.MeanDownTime, 1e-7);
    }

    [Fact]
    public void UnitsWithHandsOfTheirOwn_AreIndependent()
    {
        var run = Solve(new UnitGroup("unit", 5) { Needed = 3, FailureRate = Fails, RepairRate = Repairs })
            .LongRun(Token);

        var q = Fails / (Fails + Repairs);
        var expected = Enumerable.Range(3, 3)
            .Sum(k => Choose(5, k) * Math.Pow(q, k) * Math.Pow(1 - q, 5 - k));
        Close.Assert(expected, run.Availability.Unavailability, 1e-12);
        Close.Assert(8760 * expected, run.Availability.DowntimePerYear.TotalHours, 1e-9);
        Close.Assert(-Math.Log10(expected), run.Availability.Nines, 1e-12);

        // Down when a third of those three left fails.
        var frequency = 3 * Fails * Choose(5, 2) * q * q * Math.Pow(1 - q, 3);
        Close.Assert(frequency, run.FailureFrequency, 1e-12);
        Close.Assert(run.MeanTimeBetweenFailures, run.MeanUpTime + run.MeanDownTime, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void SharedCrew_IsTheMachineRepairModel(int hands)
    {
        const int Machines = 6;
        var run = Solve(new UnitGroup("machine", Machines)
        {
            Needed = 4,
            FailureRate = Fails,
            RepairRate = Repairs,
            Crew = new RepairCrew("crew", hands),
        }).LongRun(Token);

        // Palm's machine repair problem: the weight of k failed grows by (machines - k) l / (min(k + 1, hands) m).
        var weights = new double[Machines + 1];
        weights[0] = 1;
        for (var k = 0; k < Machines; k++)
        {
            weights[k + 1] = weights[k] * (Machines - k) * Fails / (Math.Min(k + 1, hands) * Repairs);
        }

        Close.Assert(weights[3..].Sum() / weights.Sum(), run.Availability.Unavailability, 1e-12);
    }

    [Fact]
    public void Priority_LeavesTheFirstGroupAsIfAlone()
    {
        var crew = new RepairCrew("crew", 1);
        var first = new UnitGroup("first", 3) { FailureRate = Fails, RepairRate = Repairs, Crew = crew, Needed = 2 };
        var second = new UnitGroup("second", 4) { FailureRate = 5 * Fails, RepairRate = Repairs, Crew = crew };

        var alone = Solve(first).LongRun(Token);
        var both = new RepairableSystem([first, second], state => state["first"].IsUp).Solve(Token).LongRun(Token);
        var swapped = new RepairableSystem([second, first], state => state["first"].IsUp).Solve(Token).LongRun(Token);

        Close.Assert(alone.Availability.Unavailability, both.Availability.Unavailability, 1e-10);
        Assert.True(swapped.Availability.Unavailability > 2 * both.Availability.Unavailability);
    }

    [Theory]
    [InlineData(CrewPolicy.Priority)]
    [InlineData(CrewPolicy.Shared)]
    public void TwoLikeGroups_FailTogetherAsOneOfTheirSize(CrewPolicy policy)
    {
        var crew = new RepairCrew("crew", 1, policy);
        UnitGroup Group(string name, int units) =>
            new(name, units) { FailureRate = Fails, RepairRate = Repairs, Crew = crew };

        var one = new RepairableSystem([Group("all", 5)], state => state["all"].Working >= 4);
        var two = new RepairableSystem(
            [Group("left", 2), Group("right", 3)], state => state["left"].Working + state["right"].Working >= 4);

        Close.Assert(
            one.Solve(Token).LongRun(Token).Availability.Unavailability,
            two.Solve(Token).LongRun(Token).Availability.Unavailability,
            1e-12);
    }

    [Fact]
    public void SpareThatHasToStart_LeavesAGap()
    {
        const double Starts = 2;
        var solution = Solve(new UnitGroup("unit", 1)
        {
            FailureRate = Fails,
            RepairRate = Repairs,
            Spares = 1,
            StartRate = Starts,
        });

        // By hand: 0 = one active, one cold; 1 = one starting, one in repair; 2 = one active, one in repair;
        // 3 = both in repair; 4 = one starting, one cold.
        var rates = RateMatrix.FromEntries(5,
        [
            new(0, 1, Fails), new(1, 2, Starts), new(1, 4, Repairs), new(2, 0, Repairs), new(2, 3, Fails),
            new(3, 1, 2 * Repairs), new(4, 0, Starts),
        ]);
        var byHand = new MarkovAnalysis(MarkovChain.StartingIn(rates, 0));
        var down = StateSet.Of(5, 1, 3, 4);

        var run = solution.LongRun(Token);
        Close.Assert(byHand.SteadyState(Token).Probability(down), run.Availability.Unavailability, 1e-12);
        Close.Assert(
            byHand.Transient(3, Token).Probability(down), solution.AvailabilityAt(3, Token).Unavailability, 1e-9);
        Close.Assert(
            byHand.Transient(30, Token).TimeIn(down) / 30, solution.AvailabilityOver(30, Token).Unavailability, 1e-9);
        Close.Assert(1 / Fails, solution.MeanTimeToFailure(Token), 1e-12);
    }

    [Fact]
    public void ImpossibleSystems_AreRefusedByName()
    {
        var unit = new UnitGroup("unit", 2) { FailureRate = Fails };

        Assert.Throws<ArgumentException>(() => new RepairableSystem([]));
        Assert.Throws<ArgumentException>(() => new RepairableSystem([unit, unit]));
        Assert.Throws<ArgumentException>(() => new RepairableSystem(
        [
            unit with { Crew = new RepairCrew("crew", 1) },
            new UnitGroup("other", 1) { FailureRate = Fails, Crew = new RepairCrew("crew", 2) },
        ]));
        foreach (var bad in new[]
        {
            unit with { FailureRate = double.NaN }, unit with { RepairRate = -1 }, unit with { Needed = 3 },
            unit with { Needed = 0 }, unit with { Spares = -1 }, unit with { StartRate = 0 },
            unit with { SpareKind = new SpareKind(2) },
        })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => new RepairableSystem([bad]));
            Assert.Contains("'unit'", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new SwitchOver(1.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RepairCrew("crew", 0));
    }

    private static SystemSolution Solve(UnitGroup group) => new RepairableSystem([group]).Solve(Token);

    private static double Choose(int n, int k) => k == 0 ? 1 : Choose(n - 1, k - 1) * n / k;
}
