using System.Runtime.CompilerServices;
using Continuity.Gateway.Balancing;
using Continuity.Gateway.Health;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// Gets an answer's head from some replica: chooses, asks, and asks another while the rules allow it.
/// </summary>
internal sealed class Dispatcher(
    ReplicaPicker picker, UpstreamClient client, HealthKeeper health, ForwardingMetrics metrics, Clock clock)
{
    /// <summary>The first good answer, or nothing: then the exchange says how the last attempt failed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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

            var reply = exchange.Pool.Route.Retry.HedgeAfter > TimeSpan.Zero
                ? await TryWithHedgeAsync(exchange, replica, body)
                : await TryAsync(exchange, Begin(exchange, replica, body), body);
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

        var pool = exchange.Pool;
        if (exchange.RoundAttempts >= pool.Route.Retry.MaxAttempts)
        {
            return false;
        }

        if (!pool.State.Retries.TryTake())
        {
            metrics.BudgetExhausted(pool.Name);
            return false;
        }

        metrics.Retried(pool.Name);
        return true;
    }

    private UpstreamCall Begin(Exchange exchange, Replica replica, ReadOnlyMemory<byte> body)
    {
        exchange.Attempts++;
        exchange.RoundAttempts++;
        exchange.MarkTried(replica);
        var route = exchange.Pool.Route;
        var patience = route.FirstByteTimeout + (route.FirstByteTimeoutPerKiB * (body.Length >> 10));
        var deadline = Math.Min(clock.After(patience), exchange.Deadline);
        return UpstreamCall.Start(replica, exchange, deadline);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Reply?> TryAsync(Exchange exchange, UpstreamCall call, ReadOnlyMemory<byte> body)
    {
        var started = clock.Now;
        Failure failure;
        try
        {
            var named = call.Replica.Route.UpstreamModel is { } name && !exchange.Operation.ModelInPath
                ? ModelName.Replace(body, name)
                : body;
            var answer = await client.SendAsync(exchange, call, named);
            if (!IsRefusal(answer.Status))
            {
                return new Reply(call, answer, started);
            }

            failure = Refusal(call.Replica, answer.Status);
            answer.Dispose();
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            failure = FailureReader.Read(exception, call);
        }

        call.Dispose();
        exchange.LastFailure = failure;
        if (failure.Outcome == Outcome.JudgedDown)
        {
            exchange.ForgiveAttempt();
        }

        health.Failed(exchange.Pool, call.Replica, failure);
        return null;
    }

    /// <summary>Asks a second replica beside the first one when that takes its time; the first answer counts.</summary>
    private async ValueTask<Reply?> TryWithHedgeAsync(Exchange exchange, Replica replica, ReadOnlyMemory<byte> body)
    {
        var pool = exchange.Pool;
        var firstCall = Begin(exchange, replica, body);
        var first = TryAsync(exchange, firstCall, body).AsTask();
        using (var waiting = new CancellationTokenSource())
        {
            var late = Task.Delay(pool.Route.Retry.HedgeAfter, clock.Time, waiting.Token);
            if (await Task.WhenAny(first, late) == first)
            {
                await waiting.CancelAsync();
                return await first;
            }
        }

        var other = pool.State.Hedges.TryTake() ? picker.Pick(exchange) : null;
        if (other is null || other == replica)
        {
            return await first;
        }

        metrics.Hedged(pool.Name);
        var secondCall = Begin(exchange, other, body);
        var second = TryAsync(exchange, secondCall, body).AsTask();
        var winner = await Task.WhenAny(first, second);
        var (loser, loserCall) = winner == first ? (second, secondCall) : (first, firstCall);
        if (await winner is not { } reply)
        {
            return await loser;
        }

        // The loser is waited for: its cancellation takes no time, and nothing of it may outlive the request.
        loserCall.End(CallEnding.Overtaken);
        (await loser)?.Dispose();
        return reply;
    }

    // 429 is no illness, but another replica may have room.
    // No key of a client's goes on to a replica: whoever is not let in there is this gateway.
    private static bool IsRefusal(int status) => status is 401 or 429 or 502 or 503 or 504;

    private static Failure Refusal(Replica replica, int status) => new(
        Outcome.Refused,
        status != StatusCodes.Status401Unauthorized ? $"It answered {status}."
            : replica.Route.Credential is { } name ? $"It refuses the credential {name} (401)."
            : "It asks for a credential (401), and its route names none.",
        status);
}
