using System.Net;

namespace Continuity.Api.Tests.Errors;

public sealed class BadInputTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("sites/a", """{"storageRoots":["relative"]}""", "storageRoots[0]")]
    [InlineData("sites/a", """{"storageRoots":["/srv/../etc"]}""", "storageRoots[0]")]
    [InlineData("sites/a", """{"priority":-1,"weight":2000}""", "priority,weight")]
    [InlineData("sites/Not%20a%20name", "{}", "id")]
    [InlineData("sites/a", """{"storageRots":[]}""", "storageRots")]
    [InlineData("sites/a", """{"state":"broken"}""", "state")]
    [InlineData("sites/a", """{"state":1}""", "state")]
    [InlineData("sites/a", "[1", "body")]
    [InlineData("services/a", """{"firstByteTimeout":"00:00:00"}""", "firstByteTimeout")]
    [InlineData("services/a", """{"retry":{"maxAttempts":0},"health":{"path":"x"}}""", "health.path,retry.maxAttempts")]
    [InlineData("services/a", """{"health":null}""", "health")]
    [InlineData("prefix-services/a", """{"prefix":"/v1/x","addresses":["http://h"]}""", "prefix")]
    [InlineData("prefix-services/a", """{"prefix":"/ok","addresses":[]}""", "addresses")]
    [InlineData("prefix-services/a", """{}""", "addresses,prefix")]
    [InlineData("artefact-sets/a", "{}", "source")]
    [InlineData("artefact-sets/a", """{"source":{"site":"Not one","path":""}}""", "source.path,source.site")]
    [InlineData("tenants/a", """{"weight":0}""", "weight")]
    public async Task Put_OfSomethingWrong_NamesTheFields(string path, string json, string fields)
    {
        var answer = await fixture.Admin.SendAsync(HttpMethod.Put, path, json);

        answer.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal(fields.Split(','), answer.Fields);
    }

    [Theory]
    [InlineData("keys", """{"name":"","roles":[]}""", "name,roles")]
    [InlineData("keys", """{"name":"x","roles":["god"]}""", "roles[0]")]
    [InlineData("jobs", "{}", "artefactSet,kind")]
    [InlineData("jobs", """{"kind":"dance","artefactSet":"a"}""", "kind")]
    [InlineData("jobs", """{"kind":"restore","artefactSet":"a"}""", "destination")]
    [InlineData("jobs", """{"kind":"sync","artefactSet":"a","archive":"x"}""", "archive")]
    [InlineData("jobs",
        """{"kind":"restore","artefactSet":"a","archive":"../x","destination":{"site":"e","path":"p"}}""",
        "archive")]
    public async Task Post_OfSomethingWrong_NamesTheFields(string path, string json, string fields)
    {
        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, path, json);

        answer.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal(fields.Split(','), answer.Fields);
    }

    [Theory]
    [InlineData("jobs?limit=0", "limit")]
    [InlineData("jobs?limit=501", "limit")]
    [InlineData("sites?cursor=%25%25", "cursor")]
    [InlineData("jobs?state=dancing", "state")]
    [InlineData("jobs?kind=dance", "kind")]
    [InlineData("routing?wait=3600", "wait")]
    public async Task Get_WithABadQuery_NamesTheField(string path, string field)
    {
        var answer = await fixture.Admin.SendAsync(HttpMethod.Get, path);

        answer.AssertProblem(HttpStatusCode.BadRequest);
        Assert.Equal([field], answer.Fields);
    }

    [Theory]
    [InlineData("sites/none")]
    [InlineData("services/none")]
    [InlineData("services/none/replicas")]
    [InlineData("artefact-sets/none")]
    [InlineData("jobs/0193e3a6-0000-7000-8000-000000000000")]
    [InlineData("jobs/0193e3a6-0000-7000-8000-000000000000/attempts")]
    [InlineData("no-such-resource")]
    public async Task Get_OfSomethingUnknown_Answers404WithASentence(string path)
    {
        var answer = await fixture.Admin.SendAsync(HttpMethod.Get, path);

        answer.AssertProblem(HttpStatusCode.NotFound);
        Assert.False(string.IsNullOrEmpty(answer.Detail));
    }

    [Fact]
    public async Task Post_OfABodyOverTheLimit_Answers413()
    {
        var body = $$"""{"name":"{{new string('x', 1_100_000)}}","roles":["viewer"]}""";

        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, "keys", body);

        answer.AssertProblem(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Post_OfSomethingElseThanJson_Answers415()
    {
        using var content = new StringContent("<key/>", System.Text.Encoding.UTF8, "application/xml");

        var response = await fixture.Admin.Http.PostAsync("keys", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Patch_OfAList_Answers405()
    {
        var answer = await fixture.Admin.SendAsync(HttpMethod.Patch, "sites");

        answer.AssertProblem(HttpStatusCode.MethodNotAllowed);
    }
}
