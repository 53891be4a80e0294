using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Streaming;

/// <summary>Passes on a stream of events, whole ones only, and has another replica go on when one breaks.</summary>
internal sealed class StreamRelay(
    StreamPump pump, Dispatcher dispatcher, HealthKeeper health, StreamMetrics metrics, Clock clock,
    IOptions<GatewayOptions> options)
{
    /// <summary>Owns the reply from here on.</summary>
    /// <returns>Nothing when the stream has begun, however it ended; otherwise how it failed, and nothing was
    /// sent.</returns>
    public async ValueTask<Failure?> RelayAsync(Exchange exchange, Reply reply)
    {
        using var session = new StreamSession(
            exchange.Pool.Route.Streams, exchange.Operation == Operation.ChatCompletions);
        using var events = new EventBuffer(options.Value.MaxEventBytes);
        var run = new StreamRun(exchange, session, events, reply.Replica);
        for (var current = reply; ;)
        {
            Failure? failure;
            using (current)
            {
                failure = await pump.RunAsync(run, current);
            }

            if (failure is null || !run.HasBegun)
            {
                return failure;
            }

            health.Failed(exchange.Pool, current.Replica, failure);
            exchange.LastFailure = failure;
            run.Failed = current.Replica;
            var next = await ContinueAsync(run);
            if (next is null)
            {
                return null;
            }

            current = next;
        }
    }

    /// <summary>The answer of the replica that goes on, or nothing: then the stream has been ended.</summary>
    private async ValueTask<Reply?> ContinueAsync(StreamRun run)
    {
        var (exchange, session) = (run.Exchange, run.Session);
        var output = exchange.Context.Response.BodyWriter;
        if (exchange.Aborted.IsCancellationRequested)
        {
            return null;
        }

        if (session.IsFinished)
        {
            // All that was missing is the mark of the end.
            session.End(output);
            await output.FlushAsync(exchange.Aborted);
            return null;
        }

        session.RollBackHeld();
        var next = run.MayContinue ? await AskOthersAsync(run) : null;
        if (next is null && !session.IsDone && !exchange.Aborted.IsCancellationRequested)
        {
            await EndInErrorAsync(run);
        }

        return next;
    }

    private async ValueTask<Reply?> AskOthersAsync(StreamRun run)
    {
        var (exchange, session) = (run.Exchange, run.Session);
        var body = exchange.Body!.Memory;
        StopGuard? stops = null;
        var hasText = !session.Text.IsEmpty || !session.Reasoning.IsEmpty;
        if (hasText)
        {
            if (ContinuationRequest.TokensLeft(body.Span, session.Tokens) <= 0)
            {
                session.Finish("length", exchange.Context.Response.BodyWriter);
                await exchange.Context.Response.BodyWriter.FlushAsync(exchange.Aborted);
                return null;
            }

            var request = ContinuationRequest.Build(body.Span, session, exchange.Operation);
            if (request is null)
            {
                return null;
            }

            (body, stops) = (request.Body, request.Stops);
        }

        while (exchange.Continuations < exchange.Pool.Route.Streams.MaxContinuations)
        {
            exchange.BeginContinuation(run.Failed, hasText);
            var reply = await dispatcher.ObtainAsync(exchange, body);
            if (reply is null)
            {
                return null;
            }

            if (StreamPump.IsStream(reply.Answer) && reply.Answer.Status == StatusCodes.Status200OK)
            {
                session.ContinueElsewhere(stops);
                reply.Answer.SkipHeaders();
                run.Announce(reply.Replica);
                metrics.Continued(exchange.Pool.Name);
                return reply;
            }

            reply.Dispose();
            run.Failed = reply.Replica;
            health.Failed(
                exchange.Pool, reply.Replica, new Failure(Outcome.Nonsense, "It did not go on with a stream."));
        }

        return null;
    }

    // A stream never ends in silence: the client must be able to tell a broken answer from a short one.
    private async ValueTask EndInErrorAsync(StreamRun run)
    {
        metrics.Broken(run.Exchange.Pool.Name);
        run.Exchange.StreamBroken = true;
        var error = ErrorFor(run.Exchange);
        var output = run.Exchange.Context.Response.BodyWriter;
        await output.WriteAsync(error.EncodeEvent(run.Exchange.Operation), run.Exchange.Aborted);
    }

    private ApiError ErrorFor(Exchange exchange) => clock.Now >= exchange.Deadline
        ? new ApiError(
            StatusCodes.Status504GatewayTimeout, "timeout", "deadline_exceeded",
            "The request's deadline passed before its answer was whole.")
        : new ApiError(
            StatusCodes.Status502BadGateway, "upstream_error", "stream_interrupted",
            "The replica that wrote this answer failed and no other could go on with it. "
                + (exchange.LastFailure?.Reason ?? "It broke."));
}
