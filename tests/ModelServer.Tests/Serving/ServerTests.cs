using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Continuity.Testing;
using Continuity.Testing.Models;
using Continuity.Testing.Processes;

namespace Continuity.ModelServer.Tests.Serving;

public sealed class ServerTests(ModelServerFixture fixture)
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("/health")]
    [InlineData("/version")]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/sample-chat")]
    [InlineData("/metrics")]
    public async Task Get_WhatAServerTellsOfItself_Is200AndNamesTheReplica(string path)
    {
        using var response = await fixture.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["shared"], response.Headers.GetValues("x-served-by"));
    }

    [Fact]
    public async Task Post_RequestId_ComesBack()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Conversation.Chat)
        {
            Content = JsonContent.Create(Conversation.Ask("Who am I?")),
            Headers = { { "x-request-id", "request-17" } },
        };

        using var response = await fixture.Client.SendAsync(request);

        Assert.Equal(["request-17"], response.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task Metrics_AfterARequest_CountItUnderVllmsNames()
    {
        await using var server = await ModelServerProcess.StartAsync("counted", ("Tokens", "10"), ("Site", "east"));
        var answer = await server.Client.PostAsync(Conversation.Ask("Count me."));

        var metrics = await MetricsAsync(server);

        const string labels = """{engine="0",model_name="sample-chat",site="east"}""";
        const string stopped = """{engine="0",model_name="sample-chat",site="east",finished_reason="stop"}""";
        const string longest = """{engine="0",model_name="sample-chat",site="east",le="+Inf"}""";
        var promptTokens = answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        Assert.Equal(10, metrics[$"vllm:generation_tokens_total{labels}"]);
        Assert.Equal(promptTokens, metrics[$"vllm:prompt_tokens_total{labels}"]);
        Assert.Equal(0, metrics[$"vllm:num_requests_running{labels}"]);
        Assert.Equal(0, metrics[$"vllm:num_requests_waiting{labels}"]);
        Assert.Equal(0, metrics[$"vllm:kv_cache_usage_perc{labels}"]);
        Assert.Equal(0, metrics[$"vllm:gpu_cache_usage_perc{labels}"]);
        Assert.Equal(1, metrics[$"vllm:time_to_first_token_seconds_count{labels}"]);
        Assert.Equal(1, metrics[$"vllm:request_success_total{stopped}"]);
        Assert.Equal(1, metrics[$"vllm:e2e_request_latency_seconds_bucket{longest}"]);
    }

    [Fact]
    public async Task Post_MoreThanTheLimit_WaitsAndIsCounted()
    {
        await using var server = await ModelServerProcess.StartAsync("narrow", ("MaxConcurrency", "1"));
        await server.SetFaultAsync(new { mode = "stall", count = 1 });
        using var stop = new CancellationTokenSource();
        var first = server.Client.PostAsJsonAsync(Conversation.Chat, Conversation.Ask("First"), stop.Token);
        await WaitForAsync(server, "vllm:num_requests_running", 1);

        var second = server.Client.PostAsync(Conversation.Ask("Second"));
        await WaitForAsync(server, "vllm:num_requests_waiting", 1);
        Assert.False(second.IsCompleted);
        await stop.CancelAsync();

        Assert.NotEmpty((await second).Content());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Theory]
    [InlineData("Tokens", "0", "Model:Tokens")]
    [InlineData("Tokens", "many", "Model:Tokens")]
    [InlineData("TokenDelay", "-00:00:01", "Model:TokenDelay")]
    [InlineData("Name", " ", "Model:Name")]
    public async Task Start_WrongConfiguration_SaysWhatInOneLineAndExits(string setting, string value, string expected)
    {
        await using var process = await ChildProcess.StartProjectAsync(
            ModelServerProcess.Project, [], new Dictionary<string, string> { [$"Model__{setting}"] = value });

        Assert.Equal(2, await process.WaitForExitAsync(_deadline));

        Assert.Contains(expected, Assert.Single(process.Output.Split('\n')), StringComparison.Ordinal);
    }

    private static Task WaitForAsync(ModelServerProcess server, string metric, double value) =>
        Eventually.HoldsAsync(async () => (await MetricsAsync(server)).Any(
            sample => sample.Key.StartsWith(metric, StringComparison.Ordinal) && sample.Value >= value));

    private static async Task<Dictionary<string, double>> MetricsAsync(ModelServerProcess server)
    {
        var text = await server.Client.GetStringAsync("/metrics");
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .ToDictionary(
                line => line[..line.LastIndexOf(' ')],
                line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
