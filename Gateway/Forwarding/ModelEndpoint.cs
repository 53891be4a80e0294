using Continuity.Gateway.AccessLogs;

namespace Continuity.Gateway.Forwarding;

/// <summary>Has each request for a model answered, and logged however it ended.</summary>
internal sealed class ModelEndpoint(
    ModelFrontDoor door, RequestIds ids, ForwardingMetrics metrics, AccessLog log, Clock clock)
{
    public async Task HandleAsync(HttpContext context, Operation operation, string? modelInPath)
    {
        var exchange = new Exchange(context, operation)
        {
            RequestId = ids.For(context.Request),
            StartedAt = clock.Now,
        };
        try
        {
            if (await door.EnterAsync(exchange, modelInPath) is { } error)
            {
                metrics.Refused(error);
                await error.WriteAsync(exchange);
            }
        }
        catch (OperationCanceledException) when (exchange.Aborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to answer.
        }
        finally
        {
            log.Write(exchange);
            exchange.Body?.Dispose();
        }
    }
}
