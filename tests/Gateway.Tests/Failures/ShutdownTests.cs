using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.Gateway.Tests.Failures;

/// <summary>SIGTERM to a real gateway: what it has begun it ends.</summary>
public sealed class ShutdownTests
{
    private const string Request = """{"model":"chat","messages":[{"role":"user","content":"hi"}],"stream":true}""";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Terminated_Gateway_FinishesItsStreamsAndTakesNoMore()
    {
        await using var model = await ModelProcess.StartAsync(tokens: 200, tokenDelayMilliseconds: 10);
        using var folder = new TemporaryFolder();
        var file = folder.Combine("routing.json");
        await File.WriteAllBytesAsync(
            file, JsonSerializer.SerializeToUtf8Bytes(ModelFleet.Snapshot(model.Address), RoutingJson.Snapshot));
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var gateway = await ChildProcess.StartProjectAsync("Gateway", [], new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["Routing__File"] = file,
            ["Logging__LogLevel__Default"] = "Warning",
        });
        await gateway.WaitForHttpOkAsync(new Uri(address, "/health"), Deadline);
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestGateway.Key);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(Request, Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = await reader.ReadLineAsync();

        var ended = gateway.TerminateAsync(Deadline);
        var rest = await reader.ReadToEndAsync();

        Assert.StartsWith("data: ", first, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
        Assert.Equal(0, await ended);
        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(address.Host, address.Port));
    }
}
