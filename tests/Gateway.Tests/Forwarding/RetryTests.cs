using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Forwarding;

public sealed class RetryTests
{
    private const string Answer = """{"id":"1","choices":[]}""";

    public static TheoryData<string> Faults =>
        ["reset", "503", "502", "504", "429", "hang", "short", "error-body", "garbage", "close"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_BeforeTheFirstByte_IsRepairedByAnotherReplica(string fault)
    {
        await using var bad = new StubBackend(connection => BreakAsync(connection, fault));
        await using var good = StubBackend.Json(Answer);
        var snapshot = TestGateway.Snapshot(bad, good);
        await using var gateway = await TestGateway.StartAsync(fault == "hang" ? Impatient(snapshot) : snapshot);

        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        }

        Assert.NotEmpty(bad.Requests);
        Assert.Equal(4, good.Requests.Count);
    }

    [Fact]
    public async Task RefusedConnection_IsRepairedByAnotherReplica()
    {
        var gone = StubBackend.Json(Answer);
        var address = gone.Address;
        await gone.DisposeAsync();
        await using var good = StubBackend.Json(Answer);
        var snapshot = TestGateway.Snapshot(good);
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services = [service with { Replicas = [.. service.Replicas, TestGateway.Replica("gone", address)] }],
        });

        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task AllReplicasFailing_SaysSoInTheOpenAiShape()
    {
        await using var one = StubBackend.Json("{}", 503);
        await using var two = StubBackend.Json("{}", 503);
        await using var gateway = await TestGateway.StartAsync(one, two);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("replica_failed", await ChatForwardingTests.ErrorCodeAsync(response));
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
        Assert.Equal(3, one.Requests.Count + two.Requests.Count);
    }

    [Fact]
    public async Task ClientsOwnError_IsPassedOnAndNotRetried()
    {
        await using var one = StubBackend.Json("""{"error":{"message":"bad"}}""", 400);
        await using var two = StubBackend.Json("""{"error":{"message":"bad"}}""", 400);
        await using var gateway = await TestGateway.StartAsync(one, two);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Single(one.Requests.Concat(two.Requests));
    }

    [Fact]
    public async Task Budget_EndsARetryStorm()
    {
        await using var one = StubBackend.Json("{}", 503);
        await using var two = StubBackend.Json("{}", 503);
        var snapshot = TestGateway.Snapshot(one, two);
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services = [service with { Retry = new RetrySettings { BudgetFloor = 4, BudgetShare = 0 } }],
        });

        for (var i = 0; i < 20; i++)
        {
            using var response = await gateway.ChatAsync();
        }

        Assert.InRange(one.Requests.Count + two.Requests.Count, 24, 26);
    }

    internal static RoutingSnapshot Impatient(RoutingSnapshot snapshot) => snapshot with
    {
        Services = [snapshot.Services[0] with { FirstByteTimeout = TimeSpan.FromSeconds(2) }],
    };

    private static Task BreakAsync(StubConnection connection, string fault)
    {
        switch (fault)
        {
            case "reset":
                connection.Reset();
                return Task.CompletedTask;
            case "close":
                connection.Dispose();
                return Task.CompletedTask;
            case "hang":
                return connection.HangAsync();
            case "short":
                return ShortAsync(connection);
            case "error-body":
                return connection.AnswerAsync(200, """{ "error": {"message":"engine is dead"} }""");
            case "garbage":
                return connection.SendAsync("this is no HTTP\r\n\r\n");
            default:
                return connection.AnswerAsync(int.Parse(fault), "{}");
        }
    }

    private static async Task ShortAsync(StubConnection connection)
    {
        await connection.SendAsync(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"id\":");
        connection.Dispose();
    }
}
