using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Continuity.EndToEnd.Tests.Stack;

namespace Continuity.EndToEnd.Tests;

/// <summary>What a caller can get wrong, through the whole stack.</summary>
[Collection(StackScenarios.Name)]
public sealed class BadInputTests(StackFixture stack) : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";
    private const int BodyLimit = 16 << 20;

    private const string Good =
        """{"model": "sample-chat", "max_tokens": 1, "messages": [{"role": "user", "content": "Hello?"}]}""";

    private HttpClient? _client;

    private HttpClient Client => _client ?? throw new InvalidOperationException("Not initialised.");

    public async ValueTask InitializeAsync()
    {
        await stack.WaitUntilServingAsync();
        _client = stack.Process.Client();
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("""{"model": "no-such-model", "messages": []}""", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("""{"model": "sample-chat", "messages": [""", HttpStatusCode.BadRequest, null)]
    [InlineData("", HttpStatusCode.BadRequest, null)]
    [InlineData("[]", HttpStatusCode.BadRequest, null)]
    [InlineData("""{"messages": []}""", HttpStatusCode.BadRequest, null)]
    [InlineData("""{"model": 7, "messages": []}""", HttpStatusCode.BadRequest, null)]
    [InlineData("""{"model": "sample-chat", "messages": "hello"}""", HttpStatusCode.BadRequest, null)]
    public async Task Chat_WrongBody_IsAnErrorInOpenAIsShape(string body, HttpStatusCode expected, string? code)
    {
        var (status, error) = await PostAsync(Client, body);

        Assert.Equal(expected, status);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString() ?? "");
        if (code is not null)
        {
            Assert.Equal(code, error.GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Chat_BodyOverTheLimit_Is413()
    {
        // A client that sends on while it is refused may lose the answer with the connection; this one asks first.
        Client.DefaultRequestHeaders.ExpectContinue = true;

        var (status, error) = await PostAsync(Client, Good.Replace("Hello?", new string('a', BodyLimit)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.NotEmpty(error.GetProperty("message").GetString() ?? "");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ck_wrong000_00000000000000000000000000000000")]
    [InlineData("nonsense")]
    public async Task Chat_MissingOrWrongKey_Is401(string? key)
    {
        using var client = new HttpClient { BaseAddress = stack.Process.Gateway };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);

        var (status, _) = await PostAsync(client, Good);
        using var sites = await client.GetAsync("/api/v1/sites");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal(HttpStatusCode.Unauthorized, sites.StatusCode);
    }

    [Theory]
    [InlineData("north", "weights")]
    [InlineData("east", "../weights")]
    [InlineData("east", "weights/../../../etc")]
    [InlineData("east", "/etc")]
    public async Task ArtefactSet_UnknownSiteOrPathOutside_Is400NamingTheField(string site, string path)
    {
        using var response = await Client.PutAsJsonAsync(
            "/api/v1/artefact-sets/bad-input", new { source = new { site, path } });

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            problem.GetProperty("errors").EnumerateObject(),
            field => field.Name.StartsWith("source", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Error)> PostAsync(HttpClient client, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(Chat, content);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, JsonElement.Parse(text).GetProperty("error"));
    }
}
