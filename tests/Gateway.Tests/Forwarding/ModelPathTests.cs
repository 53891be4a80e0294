using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Forwarding;

/// <summary>Protocols that name the model in the path: KServe v2 (Triton) and TensorFlow Serving.</summary>
public sealed class ModelPathTests
{
    private const string Answer = """{"model_name":"chat","outputs":[]}""";

    // What Triton's clients send: a JSON head and the tensors' bytes after it.
    private static readonly byte[] _binary = [.. Encoding.ASCII.GetBytes("""{"inputs":[]}"""), 0, 255, 128, 7];

    [Theory]
    [InlineData("/v2/models/chat/infer")]
    [InlineData("/v2/models/chat/versions/3/infer")]
    [InlineData("/v2/models/chat/generate")]
    [InlineData("/v1/models/chat:predict")]
    [InlineData("/v1/models/chat/versions/3:classify")]
    [InlineData("/v1/models/chat/labels/stable:regress")]
    public async Task Inference_ReachesAReplicaAsItCame(string path)
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await PostAsync(gateway, path);

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        var request = Assert.Single(backend.Requests);
        Assert.Equal(("POST", path), (request.Method, request.Path));
        Assert.Equal(_binary, request.Body);
        Assert.Equal("13", request.Headers["Inference-Header-Content-Length"]);
        Assert.Equal("application/octet-stream", request.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("/v2/models/chat/infer", "/v2/models/llama%20x/infer")]
    [InlineData("/v2/models/chat/versions/3/ready", "/v2/models/llama%20x/versions/3/ready")]
    [InlineData("/v1/models/chat:predict", "/v1/models/llama%20x:predict")]
    [InlineData("/v1/models/chat/versions/3:predict", "/v1/models/llama%20x/versions/3:predict")]
    public async Task UpstreamModel_TakesTheNamesPlace(string path, string expected)
    {
        await using var backend = StubBackend.Json(Answer);
        var snapshot = TestGateway.Snapshot(backend);
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services = [service with { Replicas = [service.Replicas[0] with { UpstreamModel = "llama x" }] }],
        });

        using var response = path.EndsWith("ready", StringComparison.Ordinal)
            ? await gateway.Client.GetAsync(path)
            : await PostAsync(gateway, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, Assert.Single(backend.Requests).Path);
    }

    [Theory]
    [InlineData("/v2/models/chat")]
    [InlineData("/v2/models/chat/ready")]
    [InlineData("/v2/models/chat/versions/1/config")]
    [InlineData("/v1/models/chat/metadata")]
    [InlineData("/v1/models/chat/versions/1")]
    public async Task Inquiry_IsAnsweredByAReplicaThatIsWell(string path)
    {
        await using var bad = StubBackend.Json("{}", 503);
        await using var good = StubBackend.Json("""{"name":"chat"}""");
        await using var gateway = await TestGateway.StartAsync(bad, good);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("""{"name":"chat"}""", await gateway.Client.GetStringAsync(path));
        }

        Assert.All(good.Requests, request => Assert.Equal(("GET", path), (request.Method, request.Path)));
    }

    [Fact]
    public async Task Inference_ThatAReplicaFails_IsMadeByAnother()
    {
        await using var cut = new StubBackend(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"outputs\":");
            connection.Reset();
        });
        await using var good = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(cut, good);

        for (var i = 0; i < 4; i++)
        {
            using var response = await PostAsync(gateway, "/v2/models/chat/infer");
            Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        }

        Assert.NotEmpty(cut.Requests);
    }

    [Fact]
    public async Task Server_IsLiveAndReadyAndHasAName()
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var server = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v2"));

        Assert.Equal("continuity", server.RootElement.GetProperty("name").GetString());
        Assert.Equal("""{"live":true}""", await gateway.Client.GetStringAsync("/v2/health/live"));
        Assert.Equal("""{"ready":true}""", await gateway.Client.GetStringAsync("/v2/health/ready"));
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("/v2/models/other/infer", "model_not_found")]
    [InlineData("/v2/models/chat/explain", "unknown_url")]
    [InlineData("/v2/models//infer", "unknown_url")]
    [InlineData("/v1/models/chat:explain", "unknown_url")]
    public async Task WhatIsNotThere_IsRefused(string path, string code)
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await PostAsync(gateway, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(code, await ChatForwardingTests.ErrorCodeAsync(response));
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("/v1/models/llama3:8b:predict", "llama3:8b")]
    [InlineData("/v2/models/llama3:8b/infer", "llama3:8b")]
    [InlineData("/v1/models/llama3/versions/2:predict", "llama3")]
    public void Name_MayHoldAColon(string path, string name)
    {
        Assert.NotNull(ModelPath.Find(path, isGet: false, out var model));
        Assert.Equal(name, model);
    }

    private static Task<HttpResponseMessage> PostAsync(TestGateway gateway, string path)
    {
        var content = new ByteArrayContent(_binary);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", "13");
        return gateway.Client.PostAsync(path, content);
    }
}
