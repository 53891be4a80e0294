using System.Buffers;
using Continuity.Gateway.Health;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// Passes on an answer that is no stream. It is kept whole until its end, so that a broken one can be fetched
/// elsewhere; one that is too large for that passes through as it comes.
/// </summary>
internal sealed class BufferedRelay(HealthKeeper health, Clock clock, IOptions<GatewayOptions> options)
{
    private const int ReadSize = 16 * 1024;
    private readonly int _limit = options.Value.MaxBufferedResponseBytes;

    /// <returns>Nothing when the answer is on its way; otherwise how it failed, and nothing was sent.</returns>
    public async ValueTask<Failure?> RelayAsync(Exchange exchange, Reply reply)
    {
        var declared = reply.Answer.Length;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(declared ?? ReadSize, 1, _limit));
        try
        {
            exchange.FirstByteAt = clock.Now;
            reply.Call.Deadline = exchange.Deadline;
            var stall = clock.Ticks(exchange.Pool.Route.StallTimeout);
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    if (length >= _limit)
                    {
                        await PassThroughAsync(exchange, reply, buffer.AsMemory(0, length));
                        return null;
                    }

                    buffer = Grow(buffer);
                }

                reply.Call.Deadline = Math.Min(clock.Now + stall, exchange.Deadline);
                var read = await reply.Answer.ReadAsync(buffer.AsMemory(length));
                length += read;
                if (read == 0 || length == declared)
                {
                    break;
                }
            }

            return Send(exchange, reply, buffer.AsSpan(0, length));
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception) && !exchange.Context.Response.HasStarted)
        {
            return FailureReader.Read(exception, reply.Call);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Failure? Send(Exchange exchange, Reply reply, ReadOnlySpan<byte> body)
    {
        var response = exchange.Context.Response;
        if (reply.Answer.Status == StatusCodes.Status200OK && IsErrorBody(body))
        {
            return new Failure(
                Outcome.Nonsense, "It answered 200 with an error for a body.", StatusCodes.Status502BadGateway);
        }

        AnswerHead.Write(exchange, reply);
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
        exchange.UsedTokens = UsageReader.Total(body);
        Finished(exchange, reply);
        return null;
    }

    private void Finished(Exchange exchange, Reply reply)
    {
        if (reply.Answer.Status >= StatusCodes.Status500InternalServerError)
        {
            var failure = new Failure(
                Outcome.Refused, $"It answered {reply.Answer.Status}.", reply.Answer.Status);
            health.Failed(exchange.Pool, reply.Replica, failure);
            return;
        }

        health.Answered(exchange.Pool, reply.Replica, reply.StartedAt);
    }

    private async ValueTask PassThroughAsync(Exchange exchange, Reply reply, ReadOnlyMemory<byte> first)
    {
        var response = exchange.Context.Response;
        AnswerHead.Write(exchange, reply);
        response.ContentLength = reply.Answer.Length;
        var stall = clock.Ticks(exchange.Pool.Route.StallTimeout);
        try
        {
            await response.BodyWriter.WriteAsync(first, exchange.Aborted);
            while (true)
            {
                reply.Call.Deadline = Math.Min(clock.Now + stall, exchange.Deadline);
                var read = await reply.Answer.ReadAsync(response.BodyWriter.GetMemory(ReadSize));
                if (read == 0)
                {
                    break;
                }

                response.BodyWriter.Advance(read);
                await response.BodyWriter.FlushAsync(exchange.Aborted);
            }

            Finished(exchange, reply);
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            // The client has a part of it: the one honest end is a broken connection.
            exchange.LastFailure = FailureReader.Read(exception, reply.Call);
            health.Failed(exchange.Pool, reply.Replica, exchange.LastFailure);
            exchange.Context.Abort();
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // Some servers report an engine's death with a cheerful status.
    private static bool IsErrorBody(ReadOnlySpan<byte> body)
    {
        var start = body[..Math.Min(body.Length, 64)].TrimStart(" \r\n\t"u8);
        return start.Length > 0 && start[0] == '{'
            && start[1..].TrimStart(" \r\n\t"u8).StartsWith("\"error\""u8)
            && !start[1..].TrimStart(" \r\n\t"u8)["\"error\""u8.Length..].TrimStart(" :"u8).StartsWith("null"u8);
    }
}
