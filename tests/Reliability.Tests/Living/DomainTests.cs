using System.Collections.Immutable;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Living;

namespace Continuity.Reliability.Tests.Living;

/// <summary>What replicas share below a site: racks, feeds, switches.</summary>
public sealed class DomainTests
{
    private const double Site = 1e-3;
    private const double Gateway = 2e-3;
    private const double Replica = 1e-2;
    private const double Domain = 4e-3;

    private static readonly PlatformAssumptions _numbers = new()
    {
        Site = Of(Site),
        Gateway = Of(Gateway),
        Replica = Of(Replica),
        Infrastructure = Of(Domain),
        CommonCauseShare = 0,
    };

    [Fact]
    public void Rack_IsACommonCauseOfItsReplicas()
    {
        var assessment = Assess(Platform([new("r1", "row")], ["r1"], ["r1"]));

        AssertDown(Domain + ((1 - Domain) * Replica * Replica), assessment);
        Assert.Contains(assessment.TopCutSets, set => set.Events.SequenceEqual(["row r1 at east"]));
        var rack = Assert.Single(assessment.Contributions, item => item.Id == "row r1 at east");
        Assert.Equal(ComponentClass.Infrastructure, rack.Class);
        Assert.StartsWith("row r1 at east decides", assessment.Limit, StringComparison.Ordinal);
    }

    [Fact]
    public void DifferentRacks_FailApart()
    {
        var assessment = Assess(Platform([new("r1", "row"), new("r2", "row")], ["r1"], ["r2"]));

        var one = 1 - ((1 - Domain) * (1 - Replica));
        AssertDown(one * one, assessment);
        Assert.Contains(assessment.TopCutSets, set => set.Events.SequenceEqual(["row r1 at east", "row r2 at east"])
            || set.Events.SequenceEqual(["row r2 at east", "row r1 at east"]));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public void Rack_NeedsSoManyOfItsFeeds(int needs, int feeds)
    {
        var names = Enumerable.Range(1, feeds).Select(i => $"f{i}").ToArray();
        var rack = new TopologyDomain("r1", "row") { DependsOn = names, Needs = needs };

        var assessment = Assess(Platform([rack, .. names.Select(name => new TopologyDomain(name))], ["r1"], ["r1"]));

        var enough = Enumerable.Range(0, 1 << feeds)
            .Where(state => int.PopCount(state) >= needs)
            .Sum(state => Math.Pow(1 - Domain, int.PopCount(state)) * Math.Pow(Domain, feeds - int.PopCount(state)));
        AssertDown(1 - ((1 - Domain) * enough * (1 - (Replica * Replica))), assessment);
    }

    [Fact]
    public void DeclaredNumbers_StandForThePriorOfAKind()
    {
        var declared = new TopologyDomain("r1", "rack") { FailuresPerYear = 12, RepairHours = 3 };
        var typical = new TopologyDomain("r1", "rack");

        var own = Assess(Platform([declared], ["r1"], ["r1"]));
        var prior = Assess(Platform([typical], ["r1"], ["r1"]));

        Close.Assert(Q(12.0 / 8760, 3), Down(own), 1e-10);
        Close.Assert(Q(_numbers.Infrastructure.FailureRate * 0.5, 2), Down(prior), 1e-10);
        Assert.InRange(own.AvailabilityLow, 0, own.Availability);
        return;

        static double Down(Assessment item) => item.Contributions.Single(part => part.Id == "rack r1 at east")
            .Unavailability;
    }

    [Fact]
    public void WhatIfs_AreWhatARebuiltModelSays()
    {
        TopologyDomain feed = new("f1", "power-feed");
        TopologyDomain[] before = [new("r1", "row") { DependsOn = ["f1"] }, feed];
        var model = Model(Platform(before, ["r1"], ["r1"]));

        var second = model.Evaluate(new WhatIf { Description = "", SecondDomain = "east/f1" });
        var spread = model.Evaluate(new WhatIf { Description = "", SpreadDomain = "east/r1" });
        var replica = model.Evaluate(new WhatIf { Description = "", ReplicaAt = "east" });
        var rarer = model.Evaluate(new WhatIf
        {
            Description = "", Class = ComponentClass.Infrastructure, FailureFactor = 0.5,
        });

        TopologyDomain[] two =
            [new("r1", "row") { DependsOn = ["f1", "f2"], Needs = 1 }, feed, feed with { Id = "f2" }];
        TopologyDomain[] racks = [.. before, before[0] with { Id = "r2" }];
        AssertSame(Platform(two, ["r1"], ["r1"]), _numbers, second);
        AssertSame(Platform(racks, ["r1"], ["r2"]), _numbers, spread);
        AssertSame(Platform(before, ["r1"], ["r1"], ["r1"]), _numbers, replica);
        var halved = _numbers.Infrastructure with { Hours = _numbers.Infrastructure.Hours * 2 };
        AssertSame(Platform(before, ["r1"], ["r1"]), _numbers with { Infrastructure = halved }, rarer);
        var offered = model.Assess(TestContext.Current.CancellationToken).WhatIfs.Select(item => item.Description);
        Assert.Contains("a second east/f1", offered);
        Assert.Contains("half of the replicas of east/r1 in another one", offered);
        Assert.Throws<ArgumentException>(() => model.Evaluate(new WhatIf { Description = "", SecondDomain = "r1" }));
        Assert.Equal(
            nameof(WhatIf.SpreadDomain),
            Assert.Single(model.Refusals(new WhatIf { Description = "", SpreadDomain = "east/f1" })).Property);
    }

    [Fact]
    public void WhatCannotBe_IsRefusedAllAtOnce()
    {
        var platform = Platform(
            [
                new("a") { DependsOn = ["nowhere"] },
                new("b") { DependsOn = ["c"], Needs = 2 },
                new("c") { FailuresPerYear = -1, RepairHours = double.NaN },
            ],
            ["b", "unknown"]);
        var circle = Platform([new("a") { DependsOn = ["b"] }, new("b") { DependsOn = ["a"] }, new("c")], ["c"]);
        var twice = Platform([new("a"), new("a")], ["a"]);

        Assert.Equal(
            ["c1", "east/a", "east/b", "east/c", "east/c"],
            Errors(platform).Select(error => error.Element).Order(StringComparer.Ordinal));
        Assert.Contains("a, b", Assert.Single(Errors(circle)).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Single(Errors(twice)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamedTwice_IsNamedOnce()
    {
        var feed = new TopologyDomain("f1", "power-feed");
        var rack = new TopologyDomain("r1", "rack") { DependsOn = ["f1", "f1"] };
        var once = Assess(Platform([rack with { DependsOn = ["f1"] }, feed], ["r1"]));
        var twice = Assess(Platform([rack, feed], ["r1", "r1"]));

        Assert.Equal(once.Availability, twice.Availability);
        Assert.Contains(
            "needs 2 of 1",
            Assert.Single(Errors(Platform([rack with { Needs = 2 }, feed], ["r1"]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void LongChainOfDomains_IsAssessed()
    {
        const int Length = 20_000;
        var chain = Enumerable.Range(0, Length).Select(i => new TopologyDomain($"d{i}")
        {
            DependsOn = i == 0 ? [] : [$"d{i - 1}"], FailuresPerYear = 1e-6, RepairHours = 1,
        });

        var assessment = Assess(Platform([.. chain], [$"d{Length - 1}"]));

        var down = 1 - Math.Pow(1 - Q(1e-6 / 8760, 1), Length);
        AssertDown(down + ((1 - down) * Replica), assessment);
    }

    private static ImmutableArray<ModelError> Errors(PlatformTopology topology) =>
        Assert.Throws<InvalidModelException>(() => Model(topology)).Errors;

    // Every way is in series with the only site and its gateway.
    private static void AssertDown(double noReplica, Assessment assessment) =>
        Close.Assert(1 - ((1 - Site) * (1 - Gateway) * (1 - noReplica)), 1 - assessment.Availability, 1e-9);

    private static void AssertSame(PlatformTopology rebuilt, PlatformAssumptions numbers, WhatIfEffect effect)
    {
        var assessment = Model(rebuilt, numbers).Assess(TestContext.Current.CancellationToken);
        Close.Assert(assessment.DowntimeHoursPerYear, effect.DowntimeHoursPerYear, 1e-9);
    }

    private static PlatformTopology Platform(IReadOnlyList<TopologyDomain> domains, params string[][] replicas) => new()
    {
        Sites = [new("east") { Domains = domains }],
        Services =
        [
            new("chat", [.. replicas.Select(
                (names, i) => new TopologyReplica($"c{i + 1}", "east") { Domains = names })]),
        ],
    };

    private static Assessment Assess(PlatformTopology topology) =>
        Model(topology).Assess(TestContext.Current.CancellationToken);

    private static SubjectModel Model(PlatformTopology topology, PlatformAssumptions? numbers = null) => LivingModel
        .Compile(topology, numbers ?? _numbers, TestContext.Current.CancellationToken)
        .Find(SubjectKind.Service, "chat")!;

    // Unavailable in just this part of the time: u = l r / (1 + l r) with r = 1.
    private static ComponentData Of(double unavailability) =>
        new(4, 4 * (1 - unavailability) / unavailability, 1, "test");

    private static double Q(double rate, double repairHours) => rate * repairHours / (1 + (rate * repairHours));
}
