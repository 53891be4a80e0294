using Continuity.Gateway.Balancing;
using Continuity.Gateway.Health;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// Gets an answer's head from some replica: chooses, asks, and asks another while the rules allow it.
/// </summary>
internal sealed class Dispatcher(ReplicaPicker picker, UpstreamClient client, HealthKeeper health, Clock clock)
{
    /// <summary>The first good answer, or nothing: then the exchange says how the last attempt failed.</summary>
    public async ValueTask<Reply?> ObtainAsync(Exchange exchange, ReadOnlyMemory<byte> body)
    {
        while (MayTry(exchange))
        {
            var replica = picker.Pick(exchange);
            if (replica is null)
            {
                exchange.LastFailure ??= new Failure(Outcome.ConnectFailed, "No replica may take requests now.");
                return null;
            }

            var reply = await TryAsync(exchange, replica, body);
            if (reply is not null)
            {
                return reply;
            }
        }

        return null;
    }

    /// <summary>Whether another attempt is allowed; takes it from the service's budget.</summary>
    private bool MayTry(Exchange exchange)
    {
        if (exchange.Aborted.IsCancellationRequested || clock.Now >= exchange.Deadline)
        {
            return false;
        }

        if (exchange.Attempts == 0)
        {
            return true;
        }

        var retry = exchange.Pool.Route.Retry;
        return exchange.RoundAttempts < retry.MaxAttempts && exchange.Pool.State.Retries.TryTake();
    }

    private async ValueTask<Reply?> TryAsync(Exchange exchange, Replica replica, ReadOnlyMemory<byte> body)
    {
        exchange.Attempts++;
        exchange.RoundAttempts++;
        exchange.MarkTried(replica);
        var route = exchange.Pool.Route;
        var patience = route.FirstByteTimeout + (route.FirstByteTimeoutPerKiB * (body.Length >> 10));
        var started = clock.Now;
        var call = UpstreamCall.Start(
            replica,
            exchange.Facts.Tokens,
            Math.Min(started + clock.Ticks(patience), exchange.Deadline),
            exchange.Aborted);
        Failure failure;
        try
        {
            var named = replica.Route.UpstreamModel is { } name ? ModelName.Replace(body, name) : body;
            var response = await client.SendAsync(exchange, call, named);
            if (!IsRefusal((int)response.StatusCode))
            {
                return new Reply(call, response, started);
            }

            failure = new Failure(
                Outcome.Refused, $"It answered {(int)response.StatusCode}.", (int)response.StatusCode);
            response.Dispose();
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            failure = FailureReader.Read(exception, call);
        }

        call.Dispose();
        exchange.LastFailure = failure;
        health.Failed(exchange.Pool, replica, failure);
        return null;
    }

    // 429 is no illness, but another replica may have room.
    private static bool IsRefusal(int status) => status is 429 or 502 or 503 or 504;
}

/// <summary>An answer whose head has arrived, and the call that brings it.</summary>
internal sealed class Reply(UpstreamCall call, HttpResponseMessage response, long startedAt) : IDisposable
{
    public UpstreamCall Call => call;

    public Replica Replica => call.Replica;

    public HttpResponseMessage Response => response;

    public long StartedAt => startedAt;

    public void Dispose()
    {
        response.Dispose();
        call.Dispose();
    }
}
