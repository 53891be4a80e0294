using Continuity.Reliability.Estimation;
using Continuity.Reliability.Living;

namespace Continuity.Reliability.Tests.Living;

public sealed class LivingModelTests
{
    private static readonly PlatformAssumptions _numbers = new()
    {
        Site = Data(1e-4, 4),
        Gateway = Data(3e-4, 0.2),
        Replica = Data(2e-3, 0.5),
        Storage = Data(5e-5, 8),
        CommonCauseShare = 0.1,
        FailoverDecay = 1e-4,
        FailoverTestHours = 1000,
        FailoverFailure = 0.03,
    };

    private static readonly PlatformTopology _twoSites = new()
    {
        Version = "7",
        Sites = [new("east"), new("west", Priority: 1)],
        Services =
        [
            new("chat", [new("c1", "east"), new("c2", "east"), new("c3", "west")], Objective: 0.999),
            new("lone", [new("l1", "east")], Objective: 0.9999),
            new("idle", []),
        ],
        ArtefactSets = [new("weights", ["east", "west"], Objective: 0.999), new("scratch", ["west"])],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static double Site => Q(1e-4, 4);

    private static double Gateway => Q(3e-4, 0.2);

    private static double Own => 0.9 * Q(2e-3, 0.5);

    private static double Common => 0.1 * Q(2e-3, 0.5);

    // By the mean of 1 - exp(-l s) between two tests, and what no test shows.
    private static double Failover
    {
        get
        {
            var hidden = 1 - ((1 - Math.Exp(-0.1)) / 0.1);
            return hidden + ((1 - hidden) * 0.03);
        }
    }

    [Fact]
    public void LoneReplica_IsInSeriesWithItsSite()
    {
        var assessment = Assess(_twoSites with { Sites = [new("east")] }, SubjectKind.Service, "lone");

        var up = (1 - Site) * (1 - Own) * (1 - Common) * (1 - Gateway);
        Close.Assert(1 - up, 1 - assessment.Availability, 1e-10);
        Close.Assert((1 - up) * 8760, assessment.DowntimeHoursPerYear, 1e-10);
        Assert.False(assessment.MeetsObjective);
        Assert.Equal("7", assessment.TopologyVersion);
        Assert.Equal("4", assessment.MinimalCutSets);
        Assert.Equal(4, assessment.TopCutSets.Count);
        Assert.All(assessment.TopCutSets, set => Assert.Single(set.Events));
        double[] events = [Site, Own, Common, Gateway];
        Close.Assert(events.Max(), assessment.TopCutSets[0].Probability, 1e-10);

        // In series every failure is an outage, and none while it is down already.
        var rates = 1e-4 + 3e-4 + 2e-3;
        Close.Assert(up * rates, 1 / assessment.MeanHoursBetweenOutages!.Value, 1e-3);
        Close.Assert(up * Math.Exp(-720 * rates), assessment.Reliability, 1e-2);
    }

    [Fact]
    public void SecondSite_IsReachedByFailover()
    {
        var assessment = Assess(_twoSites, SubjectKind.Service, "chat");

        Close.Assert(Chat(Failover, 2, 1), 1 - assessment.Availability, 1e-10);
        Assert.InRange(1 - assessment.Availability, 1 - assessment.AvailabilityHigh, 1 - assessment.AvailabilityLow);
        Assert.True(assessment.MeetsObjective);
        Assert.InRange(assessment.ObjectiveConfidence!.Value, 0.5, 1);
        Assert.Equal("a fault common to all replicas", assessment.Contributions[0].Id);
        Assert.StartsWith("a fault common to all replicas decides", assessment.Limit, StringComparison.Ordinal);
        Assert.Equal(
            assessment.Contributions.Select(item => item.Criticality).OrderDescending(),
            assessment.Contributions.Select(item => item.Criticality));
    }

    [Fact]
    public void WhatIfs_AreWhatARebuiltModelSays()
    {
        var chat = Model(_twoSites, _numbers).Find(SubjectKind.Service, "chat")!;

        var monthly = chat.Evaluate(new WhatIf { Description = "monthly", FailoverTestHours = 730 });
        var third = chat.Evaluate(new WhatIf { Description = "third", NewSite = true });
        var replica = chat.Evaluate(new WhatIf { Description = "replica", ReplicaAt = "east" });
        var repair = chat.Evaluate(new WhatIf
        {
            Description = "repair", Class = ComponentClass.Site, RepairFactor = 0.5,
        });

        AssertRebuilt(monthly, _twoSites, _numbers with { FailoverTestHours = 730 });
        AssertRebuilt(repair, _twoSites, _numbers with { Site = Data(1e-4, 2) });
        AssertRebuilt(third, With(_twoSites with { Sites = [.. _twoSites.Sites, new("third")] }, "third", 2), _numbers);
        AssertRebuilt(replica, With(_twoSites, "east", 1), _numbers);
        Assert.True(third.SavedHoursPerYear > 0);
        Assert.Throws<ArgumentException>(() => chat.Evaluate(new WhatIf { Description = "", ReplicaAt = "north" }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => chat.Evaluate(new WhatIf { Description = "", RepairFactor = 0 }));
    }

    [Fact]
    public void WhatIfs_OfAnAssessment_AreRankedByWhatTheySave()
    {
        var effects = Assess(_twoSites, SubjectKind.Service, "chat").WhatIfs;

        Assert.Equal(effects.OrderByDescending(item => item.SavedHoursPerYear), effects);
        Assert.All(
            ["one more site", "repair in half the time", "test failover monthly", "one more replica at west"],
            text => Assert.Contains(effects, item => item.Description == text));

        // The replicas' common fault is most of it, the way to the standby the rest: repair shortens both.
        Assert.Equal("repair in half the time", effects[0].Description);
        Close.Assert(
            (1 - Assess(_twoSites, SubjectKind.Service, "chat").Availability) * 8760,
            effects[0].DowntimeHoursPerYear + effects[0].SavedHoursPerYear,
            1e-10);
    }

    [Fact]
    public void ServiceWithoutReplicas_IsDown()
    {
        var assessment = Assess(_twoSites, SubjectKind.Service, "idle");

        Assert.Equal(0, assessment.Availability);
        Assert.Equal(0, assessment.Reliability);
        Assert.Equal("Nothing runs it.", assessment.Limit);
        Assert.Null(assessment.MeetsObjective);
        Assert.Empty(assessment.WhatIfs);
    }

    [Fact]
    public void WhatIsNeverDown_IsAssessedInNumbers()
    {
        var perfect = _numbers with
        {
            Site = Data(1e-4, 0), Gateway = Data(1e-4, 0), Replica = Data(1e-4, 0), Storage = Data(1e-4, 0),
        };

        var assessment = Model(_twoSites, perfect).Find(SubjectKind.Service, "chat")!.Assess(Token);

        Assert.Equal(1, assessment.Availability);
        Assert.Null(assessment.Nines);
        Assert.All(assessment.Contributions, item => Assert.Equal((0, 0), (item.Criticality, item.FussellVesely)));
        Assert.StartsWith("Nothing", assessment.Limit, StringComparison.Ordinal);
        Assert.NotEmpty(System.Text.Json.JsonSerializer.Serialize(assessment));
    }

    [Fact]
    public void SiteOutOfTraffic_DoesNotCount()
    {
        var drained = _twoSites with { Sites = [new("east", TakesTraffic: false), new("west", Priority: 1)] };

        Assert.Equal(0, Assess(drained, SubjectKind.Service, "lone").Availability);

        // West is then the best there is: nothing has to be failed over to.
        var chat = Assess(drained, SubjectKind.Service, "chat");
        Assert.DoesNotContain(chat.Contributions, item => item.Class is null);
    }

    [Fact]
    public void ArtefactSet_NeedsOneCopy()
    {
        var copy = 1 - ((1 - Site) * (1 - Q(5e-5, 8)));

        Close.Assert(copy * copy, 1 - Assess(_twoSites, SubjectKind.ArtefactSet, "weights").Availability, 1e-9);
        Close.Assert(copy, 1 - Assess(_twoSites, SubjectKind.ArtefactSet, "scratch").Availability, 1e-10);
    }

    [Fact]
    public void Evidence_TakesThePlaceOfPriors()
    {
        FaultRecord[] faults =
        [
            .. Enumerable.Repeat(new FaultRecord("Replica", EvidenceOrigin.Incident, 2), 50),
            .. Enumerable.Repeat(new FaultRecord("Site", EvidenceOrigin.Drill, null, true), 9),
            new FaultRecord("Site", EvidenceOrigin.Drill, null, false),
        ];

        var after = _numbers.After(new Evidence(faults, new Dictionary<string, double> { ["Replica"] = 5e5 }));

        Close.Assert(54 / 502_000.0, after.Replica.FailureRate, 1e-12);
        Assert.InRange(after.Replica.RepairHours, 1.8, 2.3);
        Close.Assert((0.03 + 1) / 11, after.FailoverFailure, 1e-12);
        Assert.Equal(_numbers.Site, after.Site);
        Assert.Contains("50 incidents", after.Replica.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoServicesOfOneName_AreRefused()
    {
        var twice = _twoSites with { Services = [.. _twoSites.Services, new("lone", [])] };

        Assert.Throws<Continuity.Reliability.Graphs.InvalidModelException>(() => Model(twice, _numbers));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Model(_twoSites, _numbers with { Site = Data(double.NaN, 1) }));
    }

    [Fact]
    public void LargePlatform_IsAssessed()
    {
        var sites = Enumerable.Range(0, 20).Select(i => new TopologySite($"s{i}", i / 4)).ToArray();
        var replicas = Enumerable.Range(0, 4_000).Select(i => new TopologyReplica($"r{i}", $"s{i % 20}")).ToArray();
        var platform = new PlatformTopology { Sites = sites, Services = [new("large", replicas)] };

        var large = Model(platform, _numbers).Find(SubjectKind.Service, "large")!;

        Assert.InRange(large.Graph.Events.Length, 4_000, 10_000);
        Close.Assert(Common, 1 - large.Assess(Token).Availability, 1e-6);
    }

    // Condition on both sites; then the ways, the doors and the common fault are independent.
    private static double Chat(double failover, int east, int west)
    {
        var up = 0.0;
        foreach (var (eastDown, westDown) in new[] { (false, false), (false, true), (true, false) })
        {
            var weight = (eastDown ? Site : 1 - Site) * (westDown ? Site : 1 - Site);
            var noEast = eastDown ? 1 : Math.Pow(Own, east);
            var noWest = westDown ? 1 : 1 - ((1 - failover) * (1 - Math.Pow(Own, west)));
            var doors = (eastDown ? 1 : Gateway) * (westDown ? 1 : Gateway);
            up += weight * (1 - (noEast * noWest)) * (1 - doors);
        }

        return 1 - (up * (1 - Common));
    }

    private static void AssertRebuilt(WhatIfEffect effect, PlatformTopology topology, PlatformAssumptions numbers)
    {
        var rebuilt = Model(topology, numbers).Find(SubjectKind.Service, "chat")!.Assess(Token);
        Close.Assert(rebuilt.DowntimeHoursPerYear, effect.DowntimeHoursPerYear, 1e-9);
    }

    private static PlatformTopology With(PlatformTopology topology, string site, int replicas)
    {
        var chat = topology.Services[0];
        var more = Enumerable.Range(0, replicas).Select(i => new TopologyReplica($"new {i}", site));
        return topology with { Services = [chat with { Replicas = [.. chat.Replicas, .. more] }] };
    }

    private static Assessment Assess(PlatformTopology topology, SubjectKind kind, string name) =>
        Model(topology, _numbers).Find(kind, name)!.Assess(Token);

    private static LivingModel Model(PlatformTopology topology, PlatformAssumptions numbers) =>
        LivingModel.Compile(topology, numbers, Token);

    private static ComponentData Data(double rate, double repairHours) => new(4, 4 / rate, repairHours, "test");

    private static double Q(double rate, double repairHours) => rate * repairHours / (1 + (rate * repairHours));
}
