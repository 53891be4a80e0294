using System.Net;
using Continuity.Gateway.Tests.Backends;
using Continuity.Gateway.Tests.Forwarding;

namespace Continuity.Gateway.Tests.Idempotency;

public sealed class IdempotencyTests
{
    private const string Path = "/v1/chat/completions";
    private const string Body = """{"model":"chat","messages":[]}""";

    [Fact]
    public async Task Key_ShownAgain_GetsTheFirstAnswer()
    {
        var count = 0;
        await using var backend = new StubBackend(
            connection => connection.AnswerAsync(200, $$"""{"id":"{{Interlocked.Increment(ref count)}}"}"""));
        await using var gateway = await TestGateway.StartAsync(backend);

        using var first = await gateway.PostAsync(Path, Body, ("Idempotency-Key", "k1"));
        var answer = await first.Content.ReadAsStringAsync();
        using var again = await gateway.PostAsync(Path, Body, ("Idempotency-Key", "k1"));
        using var other = await gateway.PostAsync(Path, Body, ("Idempotency-Key", "k2"));

        Assert.Equal("""{"id":"1"}""", answer);
        Assert.Equal(answer, await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("x-continuity-replayed").Single());
        Assert.Equal("""{"id":"2"}""", await other.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Key_WithAnotherBody_Is422()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);

        using var first = await gateway.PostAsync(Path, Body, ("Idempotency-Key", "k1"));
        using var second = await gateway.PostAsync(
            Path, """{"model":"chat","messages":[1]}""", ("Idempotency-Key", "k1"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, second.StatusCode);
        Assert.Equal("idempotency_key_reused", await ChatForwardingTests.ErrorCodeAsync(second));
    }

    [Fact]
    public async Task Key_OfAFailedRequest_MayBeTriedAgain()
    {
        await using var backend = StubBackend.Json("{}", 503);
        await using var gateway = await TestGateway.StartAsync(backend);
        using var failed = await gateway.PostAsync(Path, Body, ("Idempotency-Key", "k1"));
        backend.Script = connection => connection.AnswerAsync(200, """{"id":"good"}""");

        using var again = await gateway.PostAsync(Path, Body, ("Idempotency-Key", "k1"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Equal("""{"id":"good"}""", await again.Content.ReadAsStringAsync());
    }
}
