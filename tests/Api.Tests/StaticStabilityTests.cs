using System.Net;
using Continuity.Contracts;
using Continuity.Contracts.Sites;
using Continuity.Testing.Postgres;

namespace Continuity.Api.Tests;

public sealed class StaticStabilityTests
{
    [Fact]
    public async Task Api_DatabaseKilledAndBack_Answers503AndThenServesAgain()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var api = await ApiProcess.StartAsync(postgres.ConnectionString("postgres"));
        await api.WaitUntilReadyAsync();
        await api.Admin.PutAsync<Site>("sites/east", new PutSiteRequest());

        await postgres.KillAsync();
        using var response = await api.Admin.Http.GetAsync("sites");
        var health = await api.HealthAsync();
        var alive = await api.Admin.Http.GetAsync("/alive");
        await postgres.RestartAsync();
        await api.WaitUntilReadyAsync();
        var sites = await api.Admin.GetAsync<Page<Site>>("sites");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (health, alive.StatusCode));
        Assert.Equal("east", Assert.Single(sites.Items).Id);
    }

    [Fact]
    public async Task Api_StartedBeforeItsDatabase_AppliesTheInventoryWhenItComes()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await postgres.KillAsync();
        await using var api = await ApiProcess.StartAsync(
            postgres.ConnectionString("postgres"),
            ("Inventory:Sites:0:Id", "east"),
            ("Inventory:Sites:0:StorageRoot", "/srv/east"),
            ("Inventory:Services:0:Name", "sample-chat"),
            ("Inventory:Services:0:Policy", "round-robin"),
            ("Inventory:Services:0:Health:Canary", "false"),
            ("Inventory:Replicas:0:Id", "model-east-1"),
            ("Inventory:Replicas:0:Service", "sample-chat"),
            ("Inventory:Replicas:0:Site", "east"),
            ("Inventory:Replicas:0:Address", "http://127.0.0.1:8101"),
            ("Inventory:Replicas:0:Engine", "vllm"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.HealthAsync());
        using var early = await api.Admin.Http.GetAsync("sites");
        using var reference = await api.Admin.Http.GetAsync("/openapi/v1.json");

        await postgres.RestartAsync();
        await api.WaitUntilReadyAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Equal("application/problem+json", early.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(early.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, reference.StatusCode);
        var replicas = await api.Admin.Http.GetStringAsync("services/sample-chat/replicas");
        Assert.Contains("model-east-1", replicas, StringComparison.Ordinal);
        Assert.Contains("round-robin", await api.Admin.Http.GetStringAsync("services"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bootstrap:AdminKey", "secret", "must look like ck_")]
    [InlineData("Inventory:Sites:0:Priority", "1", "Inventory")]
    [InlineData("Inventory:Sites:0:Nmae", "east", "Nmae")]
    [InlineData("ConnectionStrings:kafka", "", "ConnectionStrings:kafka is missing")]
    public async Task Api_WithABrokenSetting_StopsWithASentence(string key, string value, string expected)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            async () => await ApiProcess.StartAsync("Host=127.0.0.1;Port=1;Username=x", (key, value)));

        Assert.Contains(expected, failure.ToString(), StringComparison.Ordinal);
    }
}
