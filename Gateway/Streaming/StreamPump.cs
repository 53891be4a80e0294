using System.Buffers;
using System.IO.Pipelines;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Streaming;

/// <summary>Moves one replica's events to the client until the stream ends or breaks.</summary>
internal sealed class StreamPump(HealthKeeper health, Clock clock)
{
    // After the end mark only the end of the body is missing; a connection that has it can serve again.
    private static readonly TimeSpan TailPatience = TimeSpan.FromSeconds(1);

    public static bool IsStream(UpstreamAnswer answer) =>
        answer.ContentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <returns>Nothing when the stream is over; otherwise how the replica failed.</returns>
    public async ValueTask<Failure?> RunAsync(StreamRun run, Reply reply)
    {
        var rhythm = reply.Replica.Rhythm;
        var isCounted = false;
        try
        {
            var stall = clock.Ticks(run.Exchange.Pool.Route.StallTimeout);
            while (true)
            {
                var free = run.Events.Free();
                if (free.IsEmpty)
                {
                    return new Failure(Outcome.Nonsense, "It sent an event larger than Gateway:MaxEventBytes.");
                }

                var read = await reply.Answer.ReadAsync(free);
                var now = clock.Now;
                if (read == 0)
                {
                    return Ended(run, reply);
                }

                run.Events.Filled(read);
                if (isCounted)
                {
                    rhythm.Arrived(now);
                }

                if (Take(run, reply) is { } nonsense)
                {
                    return new Failure(Outcome.Nonsense, nonsense);
                }

                reply.Call.Deadline = Math.Min(now + stall, run.Exchange.Deadline);
                if (!isCounted && run.HasBegun)
                {
                    isCounted = true;
                    rhythm.StreamStarted(now);
                }

                var flush = run.Exchange.Context.Response.BodyWriter.FlushAsync(run.Exchange.Aborted);
                if (!flush.IsCompletedSuccessfully)
                {
                    isCounted = await WaitForClientAsync(run, reply, flush, isCounted);
                }

                if (run.Session.IsDone)
                {
                    await ReadTailAsync(reply);
                    return Ended(run, reply);
                }
            }
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            return run.Session.IsDone ? Ended(run, reply) : FailureReader.Read(exception, reply.Call);
        }
        finally
        {
            if (isCounted)
            {
                rhythm.StreamEnded();
            }
        }
    }

    /// <summary>Writes all whole events; returns what is wrong with one.</summary>
    private string? Take(StreamRun run, Reply reply)
    {
        var output = run.Exchange.Context.Response.BodyWriter;
        while (true)
        {
            var next = run.Events.Next();
            if (next.IsEmpty)
            {
                reply.Call.MayMove = run.HasBegun && run.MayContinue && !run.Session.IsDone;
                return null;
            }

            if (!run.HasBegun)
            {
                if (run.IsUnderstood && FirstFault(next) is { } fault)
                {
                    return fault;
                }

                Begin(run, reply);
            }

            if (!run.IsUnderstood)
            {
                output.Write(next);
            }
            else if (!run.Session.IsDone && run.Session.Take(next, output) is { } wrong)
            {
                return wrong;
            }
        }
    }

    // The head goes out with the first good event: until then a failure can be repaired without the client's knowledge.
    private void Begin(StreamRun run, Reply reply)
    {
        AnswerHead.Write(run.Exchange, reply);
        run.HasBegun = true;
        run.Exchange.FirstByteAt = clock.Now;
        health.Answered(run.Exchange.Pool, reply.Replica, reply.StartedAt);
    }

    private static string? FirstFault(ReadOnlySpan<byte> serverEvent)
    {
        if (!EventData.TryRead(serverEvent, out var data) || data.SequenceEqual("[DONE]"u8))
        {
            return null;
        }

        return !ChunkFacts.TryRead(data, out var facts) ? "It began its stream with an event that is no JSON object."
            : facts.HasError ? "It began its stream with an error."
            : null;
    }

    private static Failure? Ended(StreamRun run, Reply reply)
    {
        if (run.IsUnderstood && !run.Session.IsDone)
        {
            return new Failure(Outcome.Broken, "It ended the stream without its end mark.");
        }

        if (!run.HasBegun)
        {
            return new Failure(Outcome.Broken, "It ended the stream before its first event.");
        }

        run.Exchange.UsedTokens = run.Session.UsedTokens > 0 ? run.Session.UsedTokens : run.Session.Tokens;
        reply.Replica.Outcomes.Count(Outcome.Answered);
        return null;
    }

    // A slow reader is no fault of the replica's: while the gateway waits for the client, nobody's silence counts.
    private async ValueTask<bool> WaitForClientAsync(
        StreamRun run, Reply reply, ValueTask<FlushResult> flush, bool isCounted)
    {
        var rhythm = reply.Replica.Rhythm;
        reply.Call.Deadline = run.Exchange.Deadline;
        reply.Call.MayMove = false;
        if (isCounted)
        {
            rhythm.StreamEnded();
        }

        try
        {
            await flush;
        }
        finally
        {
            if (isCounted)
            {
                rhythm.StreamStarted(clock.Now);
            }
        }

        reply.Call.Deadline = Math.Min(clock.After(run.Exchange.Pool.Route.StallTimeout), run.Exchange.Deadline);
        reply.Call.MayMove = run.MayContinue && !run.Session.IsDone;
        return isCounted;
    }

    private async ValueTask ReadTailAsync(Reply reply)
    {
        reply.Call.Deadline = clock.After(TailPatience);
        var scrap = ArrayPool<byte>.Shared.Rent(256);
        try
        {
            while (await reply.Answer.ReadAsync(scrap) > 0)
            {
                reply.Call.Deadline = Math.Min(reply.Call.Deadline, clock.After(TailPatience));
            }
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            // The client has its whole answer; the connection is not used again.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scrap);
        }
    }
}
