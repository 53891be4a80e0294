using System.Runtime.CompilerServices;
using Continuity.Gateway.Health;
using Continuity.Gateway.Streaming;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// Brings an exchange to its end: an answer from some replica, or an error that says why there is none.
/// </summary>
internal sealed class ModelForwarder(
    Dispatcher dispatcher, BufferedRelay buffered, StreamRelay streams, HealthKeeper health, Clock clock)
{
    private const int HedgeFloor = 2;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ForwardAsync(Exchange exchange)
    {
        var retry = exchange.Pool.Route.Retry;
        exchange.Pool.State.Retries.Deposit(retry.BudgetShare, retry.BudgetFloor, exchange.Pool.InFlight);
        if (retry.HedgeAfter > TimeSpan.Zero)
        {
            exchange.Pool.State.Hedges.Deposit(retry.HedgeShare, HedgeFloor, inFlight: 0);
        }

        while (true)
        {
            var reply = await dispatcher.ObtainAsync(exchange, exchange.Body!.Memory);
            if (reply is null)
            {
                await FailAsync(exchange);
                return;
            }

            var failure = StreamPump.IsStream(reply.Answer)
                ? await streams.RelayAsync(exchange, reply)
                : await RelayWholeAsync(exchange, reply);
            if (failure is null)
            {
                return;
            }

            exchange.LastFailure = failure;
            health.Failed(exchange.Pool, reply.Replica, failure);
        }
    }

    private async ValueTask<Failure?> RelayWholeAsync(Exchange exchange, Reply reply)
    {
        using (reply)
        {
            return await buffered.RelayAsync(exchange, reply);
        }
    }

    private ValueTask FailAsync(Exchange exchange) =>
        exchange.Aborted.IsCancellationRequested ? default : ErrorFor(exchange).WriteAsync(exchange);

    private ApiError ErrorFor(Exchange exchange)
    {
        var failure = exchange.LastFailure;
        var asked = $"Replicas of {exchange.Model.Name} that were asked: {exchange.Attempts}.";
        if (clock.Now >= exchange.Deadline)
        {
            return new ApiError(
                StatusCodes.Status504GatewayTimeout, "timeout", "deadline_exceeded", $"The request's deadline "
                    + $"passed. {asked}");
        }

        if (failure is null || exchange.Attempts == 0)
        {
            return ApiError.Unavailable($"No replica of {exchange.Model.Name} may take requests now.");
        }

        return failure.Status switch
        {
            429 => new ApiError(429, "rate_limit_error", "replicas_busy", $"{asked} The last one is busy.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            },
            502 or 503 or 504 =>
                new ApiError(failure.Status, "upstream_error", "replica_failed", $"{asked} {failure.Reason}"),
            _ when failure.Outcome == Outcome.TimedOut => new ApiError(
                StatusCodes.Status504GatewayTimeout, "upstream_error", "replica_timeout", $"{asked} {failure.Reason}"),
            _ => new ApiError(
                StatusCodes.Status502BadGateway, "upstream_error", "replica_failed", $"{asked} {failure.Reason}"),
        };
    }
}
