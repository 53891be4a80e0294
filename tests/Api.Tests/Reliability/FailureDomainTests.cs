using System.Net;
using Continuity.Api.Reliability;
using Continuity.Contracts.Reliability;
using Continuity.Contracts.Services;
using Continuity.Contracts.Sites;
using Continuity.Reliability.Living;

namespace Continuity.Api.Tests.Reliability;

/// <summary>Racks and feeds, from their declaration to the assessment.</summary>
public sealed class FailureDomainTests(ApiFixture fixture)
{
    private static readonly FailureDomain[] _rack =
    [
        new() { Name = "rack-1", Kind = "rack", DependsOn = ["feed-a", "feed-b"], Needs = 1 },
        new() { Name = "feed-a", Kind = "power-feed" },
        new() { Name = "feed-b", Kind = "power-feed", FailuresPerYear = 3, RepairHours = 2 },
    ];

    [Fact]
    public async Task SharedRack_IsInTheAssessment_AndGoesWithItsDeclaration()
    {
        var site = await DeclareAsync("dom-a", _rack, "rack-1", "rack-1");

        var answer = await PollAsync("dom-a", parts => parts.Contains("rack rack-1 at dom-a") && HasBoth(parts));

        Assert.Equal(["rack-1", "feed-a", "feed-b"], site.Domains.Select(domain => domain.Name));
        Assert.Equal((1, 3.0), (site.Domains[0].Needs, site.Domains[2].FailuresPerYear));
        Assert.Contains(
            answer.Assessment.TopCutSets, set => set.Events.SequenceEqual(["rack rack-1 at dom-a"]));
        Assert.Contains(answer.Assessment.Contributions, part => part.Id == "power-feed feed-b at dom-a"
            && part.Class == ComponentClass.Infrastructure);
        var effect = await fixture.Admin.PostAsync<WhatIfAnswer>(
            "reliability/services/dom-a/what-ifs", new WhatIfRequest { SpreadDomain = "dom-a/rack-1" });
        Assert.True(effect.Effect.SavedHoursPerYear > 0);

        // What is left out stays; what is taken away goes, from its replicas too, and the model follows.
        var kept = await fixture.Admin.PutAsync<Site>("sites/dom-a", new PutSiteRequest { Priority = 1 });
        var without = await fixture.Admin.PutAsync<Site>(
            "sites/dom-a", new PutSiteRequest { Priority = 1, Domains = [_rack[1]] });
        var replica = await fixture.Admin.GetAsync<Replica>("services/dom-a/replicas/dom-a-1");
        await PollAsync("dom-a", parts => HasBoth(parts) && !parts.Contains("rack rack-1 at dom-a"));

        Assert.Equal(3, kept.Domains.Count);
        Assert.Equal("feed-a", Assert.Single(without.Domains).Name);
        Assert.Empty(replica.Domains);

        // The model is compiled between two declarations too: the rack is in it with the first replica alone.
        static bool HasBoth(HashSet<string> parts) =>
            parts.Contains("replica dom-a-1") && parts.Contains("replica dom-a-2");
    }

    [Fact]
    public async Task Replica_KeepsItsDomains_UntilItMovesOrIsToldOtherwise()
    {
        await DeclareAsync("dom-b", _rack, "rack-1");
        await fixture.Admin.PutAsync<Site>("sites/dom-b-other", new PutSiteRequest());

        var same = await PutAsync("dom-b", null);
        var none = await PutAsync("dom-b", []);
        var again = await PutAsync("dom-b", ["rack-1", "rack-1"]);
        var moved = await PutAsync("dom-b-other", null);

        Assert.Equal(["rack-1"], same.Domains);
        Assert.Empty(none.Domains);
        Assert.Equal(["rack-1"], again.Domains);
        Assert.Empty(moved.Domains);

        Task<Replica> PutAsync(string site, IReadOnlyList<string>? domains) => fixture.Admin.PutAsync<Replica>(
            "services/dom-b/replicas/dom-b-1", Request(site, domains));
    }

    [Theory]
    [InlineData("""[{"name":"a"},{"name":"a"}]""", "declared twice")]
    [InlineData("""[{"name":"A b"}]""", "does not match")]
    [InlineData("""[{"name":"a","kind":""}]""", "of the kind")]
    [InlineData("""[{"name":"a","dependsOn":["b"]}]""", "depends on 'b'")]
    [InlineData("""[{"name":"a","dependsOn":["b"],"needs":2},{"name":"b"}]""", "needs 2 of 1")]
    [InlineData("""[{"name":"a","dependsOn":["b","b"],"needs":2},{"name":"b"}]""", "needs 2 of 1")]
    [InlineData("""[{"name":"a","dependsOn":["b"]},{"name":"b","dependsOn":["a"]}]""", "circle, among a, b")]
    [InlineData("""[{"name":"a","failuresPerYear":0}]""", "times a year")]
    [InlineData("""[{"name":"a","repairHours":-1}]""", "hours to repair")]
    [InlineData("[null]", "needs a name")]
    public async Task DomainsThatCannotBe_AreRefusedInASentence(string domains, string reason)
    {
        var refused = await fixture.Admin.SendAsync(
            HttpMethod.Put, "sites/dom-refused", $$"""{"domains":{{domains}}}""");

        refused.AssertProblem(HttpStatusCode.BadRequest);
        var error = refused.Body.GetProperty("errors").EnumerateObject().Single();
        Assert.Equal("domains", error.Name);
        Assert.Contains(reason, error.Value[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownDomains_AreRefusedByField()
    {
        await DeclareAsync("dom-c", _rack, "rack-1");
        await PollAsync("dom-c", parts => parts.Contains("rack rack-1 at dom-c"));

        var replica = await fixture.Admin.SendAsync(
            HttpMethod.Put, "services/dom-c/replicas/dom-c-1",
            """{"site":"dom-c","address":"http://127.0.0.1:8101","domains":["rack-9"]}""");
        var change = await fixture.Admin.SendAsync(
            HttpMethod.Post, "reliability/services/dom-c/what-ifs",
            """{"secondDomain":"dom-c/rack-9","spreadDomain":"dom-c/rack-1"}""");

        replica.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal(["domains"], replica.Fields);
        change.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal(["secondDomain", "spreadDomain"], change.Fields);
    }

    private static PutReplicaRequest Request(string site, IReadOnlyList<string>? domains) =>
        new() { Site = site, Address = new Uri("http://127.0.0.1:8101"), Domains = domains };

    /// <summary>A site, a service of the same name, and a replica in each of the domains.</summary>
    private async Task<Site> DeclareAsync(string name, FailureDomain[] domains, params string[] replicas)
    {
        var site = await fixture.Admin.PutAsync<Site>($"sites/{name}", new PutSiteRequest { Domains = domains });
        await fixture.Admin.PutAsync<Service>($"services/{name}", new ServiceSettings());
        foreach (var (index, domain) in replicas.Index())
        {
            await fixture.Admin.PutAsync<Replica>(
                $"services/{name}/replicas/{name}-{index + 1}", Request(name, [domain]));
        }

        return site;
    }

    private Task<AssessmentAnswer> PollAsync(string service, Func<HashSet<string>, bool> isThere) =>
        fixture.Admin.GetUntilAsync<AssessmentAnswer>(
            $"reliability/services/{service}",
            answer => isThere([.. answer.Assessment.Contributions.Select(part => part.Id)]));
}
