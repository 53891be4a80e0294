using System.Runtime.CompilerServices;
using Continuity.Gateway.Authentication;
using Continuity.Gateway.Routing;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// What happens to a request for a model before it is forwarded: who asks, what for, and is it well-formed.
/// </summary>
/// <remarks>
/// The methods that wait for a replica, from here to its answer's head, take their states from a pool: made anew for
/// each request, they were two fifths of all that it allocates. What these return may be awaited once only.
/// </remarks>
internal sealed class ModelFrontDoor(
    RoutingState routing, AdmittedForwarder forwarder, Clock clock, IOptions<GatewayOptions> options)
{
    private readonly long _maxRequestBytes = options.Value.MaxRequestBytes;
    private readonly HeaderLimit _headerLimit = new(options.Value.MaxRequestHeadersBytes);
    private readonly BodyPatience _patience = new(options.Value.RequestBodyTimeout, clock.Time);

    /// <param name="exchange">The request, of which nothing is known yet.</param>
    /// <param name="modelInPath">The model that its path names, if it does; otherwise its body names it.</param>
    /// <returns>Nothing when the exchange was answered; otherwise what to answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ApiError?> EnterAsync(Exchange exchange, string? modelInPath) =>
        Identify(exchange) ?? await PrepareAsync(exchange, modelInPath) ?? await forwarder.ForwardAsync(exchange);

    private ApiError? Identify(Exchange exchange)
    {
        var table = routing.Current;
        if (table is null)
        {
            return ApiError.Unavailable("This gateway has no routing snapshot yet.");
        }

        Caller? caller = null;
        var refusal = _headerLimit.Check(exchange.Context.Request.Headers)
            ?? CallerCheck.Check(exchange.Context, table, clock, out caller);
        if (refusal is null)
        {
            exchange.Identify(caller!, table); // Nobody refused it.
        }

        return refusal;
    }

    private async ValueTask<ApiError?> PrepareAsync(Exchange exchange, string? modelInPath)
    {
        if (await ReadBodyAsync(exchange) is { } unreadable)
        {
            return unreadable;
        }

        var body = exchange.Body!;
        if (SocketLoops.IsLongWork(body.Span.Length))
        {
            await Task.Yield();
        }

        var facts = modelInPath is null
            ? RequestFacts.Read(body.Span, exchange.Table)
            : RequestFacts.OfPath(exchange.Table.FindModel(modelInPath), body.Span.Length);
        if (facts.Fault is not null)
        {
            return ApiError.From(facts.Fault);
        }

        if (facts.Model is null)
        {
            return new ApiError(
                StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found",
                "No service has this model's name; GET /v1/models lists those that are there.", "model");
        }

        exchange.Facts = facts;
        exchange.Model = facts.Model;
        exchange.Deadline = exchange.StartedAt + clock.Ticks(Patience(exchange));
        exchange.MayContinue = facts.Stream && !facts.IsUncontinuable && exchange.Operation.CanContinue
            && exchange.Pool.Route.Streams.Continue && exchange.Tenant is not { ContinueStreams: false }
            && exchange.Context.Request.Headers[RequestHeaders.Continuation] != "off";
        return null;
    }

    private async ValueTask<ApiError?> ReadBodyAsync(Exchange exchange)
    {
        try
        {
            var request = exchange.Context.Request;
            if (RequestLength.IsAmbiguous(request))
            {
                return RequestLength.Refuse(exchange.Context);
            }

            exchange.Body = await RequestBody.ReadAsync(request, _maxRequestBytes, _patience, exchange.Aborted);
            return exchange.Body is not null ? null : TooLarge();
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => TooLarge(),
                StatusCodes.Status408RequestTimeout => TooSlow(exchange.Context, exception.Message),
                _ => Malformed(exception.StatusCode, exception.Message),
            };
        }
        catch (IOException exception) when (!exchange.Aborted.IsCancellationRequested)
        {
            // What Kestrel makes of a chunk's size that no number can hold.
            return Malformed(StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    private static ApiError Malformed(int status, string message) =>
        new(status, "invalid_request_error", "bad_request", message);

    // The rest of the body is not waited for either.
    private static ApiError TooSlow(HttpContext context, string message)
    {
        context.Response.Headers.Connection = "close";
        return new ApiError(
            StatusCodes.Status408RequestTimeout, "invalid_request_error", "request_timeout", message);
    }

    private ApiError TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, "invalid_request_error", "request_too_large",
        $"The body is larger than this gateway's limit of {_maxRequestBytes} bytes.");

    // The caller may shorten what the service grants, never lengthen it.
    private static TimeSpan Patience(Exchange exchange)
    {
        var granted = exchange.Pool.Route.RequestTimeout;
        return exchange.Context.Request.Headers.TryGetValue(RequestHeaders.Timeout, out var text)
            && long.TryParse(text, out var milliseconds) && milliseconds > 0 && milliseconds < granted.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : granted;
    }
}
