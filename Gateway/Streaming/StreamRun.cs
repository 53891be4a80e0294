using System.Buffers;
using System.Text;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Streaming;

/// <summary>One client's stream, over all replicas that write it.</summary>
internal sealed class StreamRun(Exchange exchange, StreamSession session, EventBuffer events, Replica first)
{
    public Exchange Exchange => exchange;

    public StreamSession Session => session;

    public EventBuffer Events => events;

    /// <summary>
    /// Whether the client has got anything: from then on a failure is not to be repaired by starting over.
    /// </summary>
    public bool HasBegun { get; set; }

    /// <summary>The replica that failed last, or the first one.</summary>
    public Replica Failed { get; set; } = first;

    /// <summary>Whether its events are understood; other protocols' events pass through unread.</summary>
    public bool IsUnderstood { get; } = exchange.Operation.CanContinue;

    /// <summary>Whether another replica may go on if this one fails now.</summary>
    public bool MayContinue =>
        exchange.MayContinue && session.CanContinue
            && exchange.Continuations < exchange.Pool.Route.Streams.MaxContinuations;

    /// <summary>Tells in the stream, in a line that clients skip, who goes on.</summary>
    public void Announce(Replica replica)
    {
        events.Clear();
        exchange.AnsweredBy = replica;
        exchange.Context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes($": continued by {replica.Id}\n"));
    }
}
