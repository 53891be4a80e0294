using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;
using Continuity.Gateway.Tests.Forwarding;

namespace Continuity.Gateway.Tests.Admission;

public sealed class TenantLimitTests
{
    private const string Answer =
        """{"id":"1","choices":[],"usage":{"prompt_tokens":900,"completion_tokens":100,"total_tokens":1000}}""";

    public static TheoryData<string> Limits => ["requests-minute", "requests-day", "tokens-minute", "tokens-day"];

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Limit_Reached_Is429WithRetryAfter(string limit)
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(TestGateway.Snapshot(backend) with
        {
            Tenants =
            [
                new TenantRoute
                {
                    Name = "default",
                    RequestsPerMinute = limit == "requests-minute" ? 2 : 0,
                    RequestsPerDay = limit == "requests-day" ? 2 : 0,
                    TokensPerMinute = limit == "tokens-minute" ? 2000 : 0,
                    TokensPerDay = limit == "tokens-day" ? 2000 : 0,
                },
            ],
        });

        using var first = await gateway.ChatAsync();
        await first.Content.ReadAsStringAsync();
        using var second = await gateway.ChatAsync();
        await second.Content.ReadAsStringAsync();
        using var third = await gateway.ChatAsync();

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [first.StatusCode, second.StatusCode]);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("rate_limit_exceeded", await ChatForwardingTests.ErrorCodeAsync(third));
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Equal(2, backend.Requests.Count);
    }

    [Fact]
    public async Task BusyReplicas_LetRequestsWait_AndServeThemAll()
    {
        var gate = new SemaphoreSlim(0);
        await using var backend = new StubBackend(async connection =>
        {
            await gate.WaitAsync(connection.Stopping);
            await connection.AnswerAsync(200, Answer);
        });
        var snapshot = TestGateway.Snapshot(backend);
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services =
            [
                snapshot.Services
                    [0] with { Admission = new AdmissionSettings { MaxConcurrencyPerReplica = 1, QueueLength = 3 } },
            ],
        });

        var asked = Enumerable.Range(0, 5).Select(_ => gateway.ChatAsync()).ToList();
        var refused = await await Task.WhenAny(asked);
        gate.Release(4);
        var all = await Task.WhenAll(asked);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(4, all.Count(response => response.StatusCode == HttpStatusCode.OK));
    }
}
