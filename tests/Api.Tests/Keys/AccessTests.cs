using System.Net;
using Continuity.Contracts;
using Continuity.Contracts.Keys;

namespace Continuity.Api.Tests.Keys;

public sealed class AccessTests(ApiFixture fixture)
{
    private const string Site = """{"storageRoots":["/srv/access"]}""";

    public static TheoryData<string, string> Routes { get; } = new()
    {
        { "GET", "sites" }, { "GET", "sites/x" }, { "PUT", "sites/x" }, { "DELETE", "sites/x" },
        { "GET", "services" }, { "PUT", "services/x" }, { "DELETE", "services/x" },
        { "GET", "services/x/replicas" }, { "PUT", "services/x/replicas/y" }, { "DELETE", "services/x/replicas/y" },
        { "GET", "prefix-services" }, { "PUT", "prefix-services/x" },
        { "GET", "artefact-sets" }, { "PUT", "artefact-sets/x" }, { "DELETE", "artefact-sets/x" },
        { "GET", "jobs" }, { "POST", "jobs" }, { "GET", "jobs/0193e3a6-0000-7000-8000-000000000000" },
        { "GET", "keys" }, { "POST", "keys" }, { "DELETE", "keys/x" }, { "GET", "tenants" }, { "GET", "routing" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task EveryRoute_WithoutAKey_Answers401(string method, string path)
    {
        using var nobody = fixture.Api.CreateClient(key: null);

        var answer = await nobody.SendAsync(new HttpMethod(method), path);

        answer.AssertProblem(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task EveryRoute_WithAModelClientsKey_Answers403(string method, string path)
    {
        using var client = await fixture.CreateClientAsync(Role.Client);

        var answer = await client.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}");

        answer.AssertProblem(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("ck_admin_wrong")]
    [InlineData("no key at all")]
    [InlineData("ck__")]
    public async Task Request_WithAWrongKey_Answers401(string key)
    {
        using var stranger = fixture.Api.CreateClient(key: null);
        stranger.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");

        var answer = await stranger.SendAsync(HttpMethod.Get, "sites");

        answer.AssertProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Request_WithTheOtherHeader_IsAccepted()
    {
        using var client = fixture.Api.CreateClient(key: null);
        client.Http.DefaultRequestHeaders.Add("x-api-key", ApiProcess.AdminKey);

        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "sites")).Status);
    }

    [Fact]
    public async Task Viewer_MayRead_AndMayNotChange()
    {
        using var viewer = await fixture.CreateClientAsync(Role.Viewer);

        Assert.Equal(HttpStatusCode.OK, (await viewer.SendAsync(HttpMethod.Get, "sites")).Status);
        (await viewer.SendAsync(HttpMethod.Put, "sites/by-viewer", Site)).AssertProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Operator_MayChangeSites_AndMayNotMakeKeys()
    {
        using var @operator = await fixture.CreateClientAsync(Role.Operator);

        Assert.Equal(
            HttpStatusCode.Created, (await @operator.SendAsync(HttpMethod.Put, "sites/by-operator", Site)).Status);
        var answer = await @operator.SendAsync(HttpMethod.Post, "keys", """{"name":"mine","roles":["admin"]}""");
        answer.AssertProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Key_Revoked_IsWorthlessAtOnce()
    {
        var created = await fixture.Admin.PostAsync<CreatedKey>(
            "keys", new CreateKeyRequest { Name = "short-lived", Roles = [Role.Viewer] });
        using var client = fixture.Api.CreateClient(created.Key);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "sites")).Status);

        var revoked = await fixture.Admin.SendAsync(HttpMethod.Delete, $"keys/{created.Details.Id}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.Status);
        (await client.SendAsync(HttpMethod.Get, "sites")).AssertProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keys_Listed_NeverShowTheirSecret()
    {
        var created = await fixture.Admin.PostAsync<CreatedKey>(
            "keys", new CreateKeyRequest { Name = "listed", Roles = [Role.Viewer], Lifetime = TimeSpan.FromHours(1) });

        var text = await fixture.Admin.Http.GetStringAsync("keys?limit=500");

        Assert.Contains(created.Details.Id, text, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Key.Split('_')[2], text, StringComparison.Ordinal);
        Assert.NotNull(created.Details.ExpiresAt);
    }

    [Fact]
    public async Task Keys_AskedForPageByPage_AllComeOnce()
    {
        for (var number = 0; number < 5; number++)
        {
            await fixture.CreateClientAsync(Role.Viewer);
        }

        var ids = new List<string>();
        var query = "keys?limit=2";
        while (query is not null)
        {
            var page = await fixture.Admin.GetAsync<Page<ApiKey>>(query);
            Assert.InRange(page.Items.Count, 1, 2);
            ids.AddRange(page.Items.Select(key => key.Id));
            query = page.Next is null ? null : $"keys?limit=2&cursor={page.Next}";
        }

        Assert.True(ids.Count >= 6);
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
    }
}
