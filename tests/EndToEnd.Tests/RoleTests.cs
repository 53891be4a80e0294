using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Continuity.Contracts.Keys;
using Continuity.EndToEnd.Tests.Stack;
using Continuity.Testing;

namespace Continuity.EndToEnd.Tests;

/// <summary>A key does what its roles say, and is told 403 for the rest.</summary>
[Collection(StackScenarios.Name)]
public sealed class RoleTests(StackFixture stack)
{
    [Fact]
    public async Task Client_CallsModels_AndNothingElse()
    {
        await stack.WaitUntilServingAsync();
        using var client = await WithRoleAsync(Role.Client);

        Assert.Equal(HttpStatusCode.OK, await ChatAsync(client));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(client, "/api/v1/sites"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(client, "/api/v1/jobs"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostJobAsync(client));
    }

    [Fact]
    public async Task Viewer_Reads_AndChangesNothing()
    {
        await stack.WaitUntilServingAsync();
        using var viewer = await WithRoleAsync(Role.Viewer);

        Assert.Equal(HttpStatusCode.OK, await GetAsync(viewer, "/api/v1/sites"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(viewer, "/api/v1/jobs"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostJobAsync(viewer));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(viewer, "/api/v1/keys"));
        Assert.Equal(HttpStatusCode.Forbidden, await ChatAsync(viewer));
        using var put = await viewer.PutAsJsonAsync(
            "/api/v1/artefact-sets/viewers", new { source = new { site = "east", path = "viewers" } });
        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);
    }

    /// <summary>A client with a new key, once the gateway has heard of it.</summary>
    private async Task<HttpClient> WithRoleAsync(Role role)
    {
        using var admin = stack.Process.Client();
        using var response = await admin.PostAsJsonAsync(
            "/api/v1/keys", new CreateKeyRequest { Name = $"end-to-end {role}", Roles = [role] });
        response.EnsureSuccessStatusCode();
        var created = await response.Content.ReadFromJsonAsync<CreatedKey>()
            ?? throw new InvalidDataException("The new key is null.");
        var client = new HttpClient
        {
            BaseAddress = stack.Process.Gateway,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", created.Key) },
        };
        await Eventually.HoldsAsync(async () => await ChatAsync(client) != HttpStatusCode.Unauthorized);
        return client;
    }

    private static async Task<HttpStatusCode> ChatAsync(HttpClient client)
    {
        using var response = await client.PostAsJsonAsync(
            "/v1/chat/completions",
            new
            {
                model = StackFixture.Model,
                max_tokens = 1,
                messages = new[] { new { role = "user", content = "Hello?" } },
            });
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> PostJobAsync(HttpClient client)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/jobs", new { kind = "sync", artefactSet = "any" });
        return response.StatusCode;
    }
}
