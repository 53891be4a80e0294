using System.Net;
using Continuity.Contracts;
using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.Contracts.Sites;

namespace Continuity.Api.Tests.Jobs;

public sealed class JobEndpointTests(ApiFixture fixture)
{
    [Fact]
    public async Task Create_TwiceWithOneIdempotencyKey_IsOneJob()
    {
        await DeclareAsync("jobs-once");
        const string Body = """{"kind":"sync","artefactSet":"jobs-once"}""";

        var first = await fixture.Admin.SendAsync(HttpMethod.Post, "jobs", Body, "once");
        var second = await fixture.Admin.SendAsync(HttpMethod.Post, "jobs", Body, "once");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.Equal(first.Body.GetProperty("id").GetGuid(), second.Body.GetProperty("id").GetGuid());
        var page = await fixture.Admin.GetAsync<Page<Job>>("jobs?artefactSet=jobs-once");
        Assert.Single(page.Items);
    }

    [Fact]
    public async Task Create_ManyAtOnceWithOneIdempotencyKey_IsOneJob()
    {
        await DeclareAsync("jobs-race");
        const string Body = """{"kind":"sync","artefactSet":"jobs-race"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(_ => fixture.Admin.SendAsync(HttpMethod.Post, "jobs", Body, "race")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetGuid()).Distinct());
    }

    [Fact]
    public async Task Create_OtherBodyWithAUsedIdempotencyKey_Answers422()
    {
        await DeclareAsync("jobs-reused");
        await fixture.Admin.SendAsync(HttpMethod.Post, "jobs", """{"kind":"sync","artefactSet":"jobs-reused"}""",
            "reused");

        var answer = await fixture.Admin.SendAsync(
            HttpMethod.Post, "jobs", """{"kind":"backup","artefactSet":"jobs-reused"}""", "reused");

        answer.AssertProblem(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Create_ForAnUnknownSet_Answers404()
    {
        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, "jobs",
            """{"kind":"sync","artefactSet":"nowhere"}""");

        answer.AssertProblem(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"kind":"sync","artefactSet":"jobs-checked","targetSite":"mars"}""", "targetSite")]
    [InlineData(
        """{"kind":"restore","artefactSet":"jobs-checked","destination":{"site":"mars","path":"x"}}""",
            "destination.site")]
    [InlineData(
        """{"kind":"restore","artefactSet":"jobs-checked","destination":{"site":"jobs-checked-a","path":"../x"}}""",
        "destination.path")]
    [InlineData(
        """{"kind":"restore","artefactSet":"jobs-checked","destination":{"site":"jobs-checked-a","path":"/etc"}}""",
        "destination.path")]
    public async Task Create_WithAPlaceThatCannotBe_NamesTheField(string body, string field)
    {
        await DeclareAsync("jobs-checked");

        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, "jobs", body);

        answer.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal([field], answer.Fields);
    }

    [Fact]
    public async Task Cancel_ThenRetry_OfAQueuedJob_QueuesItAgain()
    {
        await DeclareAsync("jobs-cancelled");
        var job = await CreateAsync("jobs-cancelled");

        var cancelled = await fixture.Admin.PostAsync<Job>($"jobs/{job.Id}/cancel", new { });
        var again = await fixture.Admin.PostAsync<Job>($"jobs/{job.Id}/cancel", new { });
        var retried = await fixture.Admin.PostAsync<Job>($"jobs/{job.Id}/retry", new { });

        Assert.Equal(
            (JobState.Cancelled, JobState.Cancelled, JobState.Queued), (cancelled.State, again.State, retried.State));
        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, $"jobs/{job.Id}/retry");
        answer.AssertProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task List_ByStateAndPage_GivesNewestFirst()
    {
        await DeclareAsync("jobs-listed");
        var jobs = new List<Guid>();
        for (var number = 0; number < 5; number++)
        {
            jobs.Add((await CreateAsync("jobs-listed")).Id);
        }

        await fixture.Admin.PostAsync<Job>($"jobs/{jobs[2]}/cancel", new { });
        var listed = new List<Guid>();
        var query = "jobs?artefactSet=jobs-listed&state=queued&limit=3";
        for (var next = query; next is not null;)
        {
            var page = await fixture.Admin.GetAsync<Page<Job>>(next);
            listed.AddRange(page.Items.Select(job => job.Id));
            next = page.Next is null ? null : $"{query}&cursor={page.Next}";
        }

        Assert.Equal([jobs[4], jobs[3], jobs[1], jobs[0]], listed);
    }

    [Fact]
    public async Task Delete_OfASetWithUnfinishedJobs_Answers409()
    {
        await DeclareAsync("jobs-held");
        var job = await CreateAsync("jobs-held");

        var refused = await fixture.Admin.SendAsync(HttpMethod.Delete, "artefact-sets/jobs-held");
        await fixture.Admin.PostAsync<Job>($"jobs/{job.Id}/cancel", new { });
        var deleted = await fixture.Admin.SendAsync(HttpMethod.Delete, "artefact-sets/jobs-held");

        refused.AssertProblem(HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Empty(await fixture.Admin.GetAsync<List<JobAttempt>>($"jobs/{job.Id}/attempts"));
    }

    private Task<Job> CreateAsync(string set) =>
        fixture.Admin.PostAsync<Job>("jobs", new CreateJobRequest { Kind = JobKind.Sync, ArtefactSet = set });

    private async Task DeclareAsync(string name)
    {
        await fixture.Admin.PutAsync<Site>($"sites/{name}-a", new PutSiteRequest { StorageRoots = ["/srv/a"] });
        await fixture.Admin.PutAsync<Site>($"sites/{name}-b", new PutSiteRequest { StorageRoots = ["/srv/b"] });
        await fixture.Admin.PutAsync<ArtefactSet>(
            $"artefact-sets/{name}",
            new PutArtefactSetRequest
            {
                Source = new SitePath { Site = $"{name}-a", Path = "data" },
                Targets = [new SitePath { Site = $"{name}-b", Path = "data" }],
                Archives = new SitePath { Site = $"{name}-b", Path = "/srv/b/archives" },
            });
    }
}
