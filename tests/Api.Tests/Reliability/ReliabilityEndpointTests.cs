using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Continuity.Api.Reliability;
using Continuity.Contracts;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Keys;
using Continuity.Contracts.Reliability;
using Continuity.Contracts.Services;
using Continuity.Contracts.Sites;
using Continuity.Reliability.Living;
using Continuity.Testing;

namespace Continuity.Api.Tests.Reliability;

public sealed class ReliabilityEndpointTests(ApiFixture fixture)
{
    [Fact]
    public async Task Service_IsAssessedByItsTopologyAndObjective()
    {
        await DeclareAsync("rel-a", objective: 0.9999, ("rel-a-east", SiteState.Active));

        var one = await AssessAsync("rel-a", "rel-a-east-1");

        Assert.InRange(one.Availability, 0.99, 0.9999);
        Assert.False(one.MeetsObjective);
        Assert.Equal(one.DowntimeHoursPerYear, (1 - one.Availability) * 8760, 1e-6);
        Assert.Equal(0.9999, one.Objective);
        Assert.Contains(one.WhatIfs, item => item.Description == "one more site" && item.SavedHoursPerYear > 0);
    }

    [Fact]
    public async Task NewReplica_AtAStandbySite_ChangesTheModel()
    {
        await DeclareAsync("rel-b", objective: null, ("rel-b-east", SiteState.Active));
        var before = await AssessAsync("rel-b", "rel-b-east-1");

        await DeclareAsync("rel-b", objective: null, ("rel-b-west", SiteState.Standby));
        var after = await AssessAsync("rel-b", "rel-b-west-1");

        Assert.True(after.Availability > before.Availability);
        Assert.Contains(after.Contributions, part => part is { Id: "failover to rel-b-west", Class: null });
        Assert.NotEqual(before.TopologyVersion, after.TopologyVersion);
    }

    [Fact]
    public async Task WhatIf_OfAThirdSite_IsAnsweredFromTheModel()
    {
        await DeclareAsync("rel-c", objective: 0.5, ("rel-c-east", SiteState.Active));
        await AssessAsync("rel-c", "rel-c-east-1");

        // Other tests declare sites, which are further ways in: both answers have to come from one model.
        AssessmentAnswer? now = null;
        WhatIfAnswer? answer = null;
        await Eventually.HoldsAsync(async () =>
        {
            now = await fixture.Admin.GetAsync<AssessmentAnswer>("reliability/services/rel-c");
            answer = await fixture.Admin.PostAsync<WhatIfAnswer>(
                "reliability/services/rel-c/what-ifs", new WhatIfRequest { NewSite = true, RepairFactor = 0.5 });
            return now.Model.CompiledAt == answer.Model.CompiledAt;
        });

        var effect = answer!.Effect; // not null: asked at least once
        Assert.True(effect.SavedHoursPerYear > 0);
        Assert.True(effect.MeetsObjective);
        Assert.Equal(
            now!.Assessment.DowntimeHoursPerYear, effect.DowntimeHoursPerYear + effect.SavedHoursPerYear, 1e-6);
    }

    [Fact]
    public async Task WhatIf_ThatMakesNoSense_IsRefusedByField()
    {
        await DeclareAsync("rel-d", objective: 0.5, ("rel-d-east", SiteState.Active));
        await AssessAsync("rel-d", "rel-d-east-1");

        var range = await fixture.Admin.SendAsync(
            HttpMethod.Post, "reliability/services/rel-d/what-ifs", """{"repairFactor":0,"component":"cpu"}""");
        var site = await fixture.Admin.SendAsync(
            HttpMethod.Post, "reliability/services/rel-d/what-ifs", """{"replicaAt":"nowhere"}""");
        var absent = await fixture.Admin.SendAsync(
            HttpMethod.Post, "reliability/services/absent/what-ifs", "{}");

        range.AssertProblem(HttpStatusCode.BadRequest);
        site.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal(["replicaAt"], site.Fields);
        absent.AssertProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ServiceOfAMomentAgo_IsAsked_TheRefusalSaysThatTheModelLags()
    {
        ApiAnswer? refused = null;
        for (var attempt = 1; refused is null && attempt <= 100; attempt++)
        {
            await fixture.Admin.PutAsync<Service>($"services/rel-new-{attempt}", new ServiceSettings());
            var first = await fixture.Admin.SendAsync(
                HttpMethod.Get, $"reliability/services/rel-new-{attempt}");
            refused = first.Status == HttpStatusCode.OK ? null : first;
        }

        Assert.NotNull(refused);
        refused.AssertProblem(HttpStatusCode.NotFound);
        Assert.EndsWith("a newer model is on its way.", refused.Detail, StringComparison.Ordinal);
        await fixture.Admin.GetUntilAsync<AssessmentAnswer>("reliability/services/rel-new-1", _ => true);
    }

    [Fact]
    public async Task ArtefactSet_IsAssessedByItsCopies()
    {
        await fixture.Admin.PutAsync<Site>("sites/rel-e", new PutSiteRequest { StorageRoots = ["/srv/rel-e"] });
        await fixture.Admin.PutAsync<ArtefactSet>(
            "artefact-sets/rel-e", new PutArtefactSetRequest { Source = new SitePath { Site = "rel-e", Path = "a" } });

        var assessment = await fixture.Admin.GetUntilAsync<AssessmentAnswer>(
            "reliability/artefact-sets/rel-e", answer => answer.Assessment.Contributions.Count == 2);

        Assert.Equal(SubjectKind.ArtefactSet, assessment.Assessment.Kind);
        Assert.InRange(assessment.Assessment.Availability, 0.99, 1);
    }

    [Fact]
    public async Task Diagrams_AndReport_AreServedInTheirTypes()
    {
        await DeclareAsync("rel-f", objective: 0.5, ("rel-f-east", SiteState.Active));
        await AssessAsync("rel-f", "rel-f-east-1");

        var svg = await fixture.Admin.Http.GetAsync("reliability/services/rel-f/diagram");
        var dot = await fixture.Admin.Http.GetAsync("reliability/services/rel-f/diagram?format=dot");
        var report = await fixture.Admin.Http.GetAsync("reliability/report");
        var wrong = await fixture.Admin.Http.GetAsync("reliability/services/rel-f/diagram?format=png");

        Assert.Equal("image/svg+xml", svg.Content.Headers.ContentType?.MediaType);
        Assert.Equal("svg", XDocument.Parse(await svg.Content.ReadAsStringAsync()).Root!.Name.LocalName);
        Assert.StartsWith(
            "digraph \"rel-f\"", await dot.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/html", report.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Service rel-f", await report.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Overview_AndPlatform_ListWhatThereIs()
    {
        await DeclareAsync("rel-g", objective: 0.5, ("rel-g-east", SiteState.Active));

        var overview = await fixture.Admin.GetUntilAsync<ReliabilityOverview>(
            "reliability", answer => answer.Subjects.Any(item => item is { Name: "rel-g", Availability: > 0 }));
        var platform = await fixture.Admin.GetUntilAsync<PlatformAnswer>(
            "reliability/platform", answer => answer.Topology.Services.Any(item => item.Name == "rel-g"));

        Assert.NotEmpty(overview.Model.Version);
        Assert.Contains(platform.Topology.Sites, site => site.Id == "rel-g-east");
        Assert.True(platform.Assumptions.Site.FailureRate > 0);
    }

    [Fact]
    public async Task Estimates_LeaveDrillsOutOfRates()
    {
        var request = new EvidenceRequest
        {
            Faults =
            [
                new ObservedFault { Component = "site", IsDrill = true, FailoverSucceeded = true },
                new ObservedFault { Component = "replica", RepairHours = 0.4 },
            ],
            ExposureHours = new Dictionary<string, double> { ["replica"] = 1e6, ["site"] = 1e6 },
        };

        var before = new PlatformAssumptions();
        var after = await fixture.Admin.PostAsync<PlatformAssumptions>("reliability/estimates", request);
        var refused = await fixture.Admin.SendAsync(
            HttpMethod.Post,
            "reliability/estimates",
            """{"faults":[{"component":"site"}],"exposureHours":{"disk":1}}""");

        Assert.Equal(before.Site.Failures, after.Site.Failures);
        Assert.Equal(before.Replica.Failures + 1, after.Replica.Failures);
        Assert.True(after.FailoverFailure < before.FailoverFailure);
        refused.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal(["exposureHours"], refused.Fields);
    }

    [Fact]
    public async Task FaultOnRecord_ChangesTheNumbers_UntilItIsTakenOff()
    {
        var prior = new PlatformAssumptions().Storage;
        await fixture.Admin.PutAsync<Fault>(
            "reliability/faults/rel-h-1", new ObservedFault { Component = "storage", RepairHours = 3, Note = "disk" });
        await fixture.Admin.PutAsync<Fault>(
            "reliability/faults/rel-h-1", new ObservedFault { Component = "storage", RepairHours = 2, Note = "disks" });

        var after = await fixture.Admin.GetUntilAsync<PlatformAnswer>(
            "reliability/platform",
            answer => answer.Assumptions.Storage.Failures == prior.Failures + 1
                && answer.Assumptions.Storage.Source.Contains("1 incidents", StringComparison.Ordinal));
        var listed = await fixture.Admin.GetAsync<Page<Fault>>("reliability/faults");
        using var viewer = await fixture.CreateClientAsync(Role.Viewer);
        var forbidden = await viewer.SendAsync(HttpMethod.Delete, "reliability/faults/rel-h-1");
        var deleted = await fixture.Admin.SendAsync(HttpMethod.Delete, "reliability/faults/rel-h-1");
        var again = await fixture.Admin.SendAsync(HttpMethod.Delete, "reliability/faults/rel-h-1");
        var wrong = await fixture.Admin.SendAsync(
            HttpMethod.Put, "reliability/faults/rel-h-2", "{\"component\":\"cpu\",\"repairHours\":-1}");

        Assert.InRange(after.Assumptions.Storage.RepairHours, 2, prior.RepairHours);
        var fault = Assert.Single(listed.Items, item => item.Id == "rel-h-1");
        Assert.Equal((2, "disks"), (fault.Observed.RepairHours, fault.Observed.Note));
        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.NoContent), (forbidden.Status, deleted.Status));
        again.AssertProblem(HttpStatusCode.NotFound);
        Assert.Equal(["component", "repairHours"], wrong.Fields);
        await fixture.Admin.GetUntilAsync<PlatformAnswer>(
            "reliability/platform", answer => answer.Assumptions.Storage.Failures == prior.Failures);
    }

    [Fact]
    public async Task Viewers_Read_AndClientsDoNot()
    {
        using var viewer = await fixture.CreateClientAsync(Role.Viewer);
        using var client = await fixture.CreateClientAsync(Role.Client);

        Assert.Equal(HttpStatusCode.OK, (await viewer.Http.GetAsync("reliability")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.Http.GetAsync("reliability")).StatusCode);
    }

    [Fact]
    public async Task OpenApi_DescribesAssessments()
    {
        using var document = JsonDocument.Parse(await fixture.Admin.Http.GetStringAsync("/openapi/v1.json"));

        var paths = document.RootElement.GetProperty("paths");
        var operation = paths.GetProperty("/api/v1/reliability/services/{name}").GetProperty("get");
        var schema = operation.GetProperty("responses").GetProperty("200").GetProperty("content")
            .GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString();
        Assert.EndsWith("/AssessmentAnswer", schema, StringComparison.Ordinal);
        Assert.True(paths.TryGetProperty("/api/v1/reliability/services/{name}/what-ifs", out _));
    }

    private async Task DeclareAsync(string service, double? objective, params (string Id, SiteState State)[] sites)
    {
        await fixture.Admin.PutAsync<Service>(
            $"services/{service}", new ServiceSettings { AvailabilityObjective = objective });
        foreach (var (id, state) in sites)
        {
            await fixture.Admin.PutAsync<Site>($"sites/{id}", new PutSiteRequest { State = state });
            await fixture.Admin.PutAsync<Replica>(
                $"services/{service}/replicas/{id}-1",
                new PutReplicaRequest { Site = id, Address = new Uri("http://127.0.0.1:8101") });
        }
    }

    /// <summary>The service's assessment as soon as it knows a replica, which is declared last.</summary>
    private async Task<Assessment> AssessAsync(string service, string replica) =>
        (await fixture.Admin.GetUntilAsync<AssessmentAnswer>(
            $"reliability/services/{service}",
            answer => answer.Assessment.Contributions.Any(part => part.Id == $"replica {replica}"))).Assessment;
}
