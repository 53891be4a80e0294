using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Admission;

/// <summary>
/// The requests of one service that wait for a replica to have room: the more critical first, and tenants of one
/// criticality in turns by the tokens they ask for (deficit round robin, Shreedhar and Varghese 1995).
/// </summary>
internal sealed class AdmissionQueue
{
    // What one turn grants a tenant of the usual weight: an average chat, so that most turns serve a request.
    private const long Quantum = 1000;
    private const int UsualWeight = 100;
    private readonly Lock _lock = new();
    private readonly Turns[] _turns = [.. Enum.GetValues<Criticality>().Select(_ => new Turns())];
    private int _running;
    private int _waiting;

    public int Running => Volatile.Read(ref _running);

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes a place if one is free and nobody waits for it, or lines up.</summary>
    /// <returns>The place in line; nothing when the request may go at once; false in <paramref name="hasRoom"/> when
    /// the line is full.</returns>
    public Ticket? Enter(int limit, int queueLength, Claim claim, out bool hasRoom)
    {
        lock (_lock)
        {
            hasRoom = true;
            if (_running < limit && _waiting == 0)
            {
                _running++;
                return null;
            }

            if (_waiting >= queueLength && !MakeRoomFor(claim.Criticality))
            {
                hasRoom = false;
                return null;
            }

            var ticket = new Ticket(claim);
            _turns[(int)claim.Criticality].Add(ticket);
            _waiting++;
            Serve(limit);
            return ticket;
        }
    }

    /// <summary>A request is over: its place goes to whoever is next.</summary>
    public void Leave(int limit)
    {
        lock (_lock)
        {
            _running--;
            Serve(limit);
        }
    }

    /// <summary>A waiting request gives up.</summary>
    /// <returns>False when it was let in meanwhile: then it holds a place.</returns>
    public bool TryGiveUp(Ticket ticket)
    {
        lock (_lock)
        {
            if (!ticket.IsWaiting || !_turns[(int)ticket.Claim.Criticality].Remove(ticket))
            {
                return false;
            }

            _waiting--;
            return true;
        }
    }

    // The least critical of those who wait makes way for a more critical newcomer.
    private bool MakeRoomFor(Criticality newcomer)
    {
        for (var least = Criticality.Sheddable; least < newcomer; least++)
        {
            if (_turns[(int)least].TakeNewest() is { } shed)
            {
                _waiting--;
                shed.Shed();
                return true;
            }
        }

        return false;
    }

    private void Serve(int limit)
    {
        for (var most = _turns.Length - 1; most >= 0; most--)
        {
            while (_running < limit && _turns[most].TakeNext() is { } next)
            {
                _running++;
                _waiting--;
                next.Admit();
            }
        }
    }

    private sealed class Turns
    {
        private readonly LinkedList<Line> _lines = new();
        private readonly Dictionary<string, LinkedListNode<Line>> _byTenant = new(StringComparer.Ordinal);

        public void Add(Ticket ticket)
        {
            if (!_byTenant.TryGetValue(ticket.Claim.Tenant, out var node))
            {
                node = _lines.AddLast(new Line());
                _byTenant[ticket.Claim.Tenant] = node;
            }

            node.Value.Tickets.AddLast(ticket);
        }

        public Ticket? TakeNext()
        {
            while (_lines.First is { } node)
            {
                var line = node.Value;
                var first = line.Tickets.First!.Value; // A line without tickets is removed at once.
                if (line.Deficit >= first.Claim.Tokens)
                {
                    line.Deficit -= first.Claim.Tokens;
                    Remove(first, node);
                    return first;
                }

                line.Deficit += Math.Max(1, Quantum * first.Claim.Weight / UsualWeight);
                _lines.RemoveFirst();
                _lines.AddLast(node);
            }

            return null;
        }

        public Ticket? TakeNewest()
        {
            if (_lines.Last is not { } node)
            {
                return null;
            }

            var newest = node.Value.Tickets.Last!.Value; // A line without tickets is removed at once.
            Remove(newest, node);
            return newest;
        }

        public bool Remove(Ticket ticket) =>
            _byTenant.TryGetValue(ticket.Claim.Tenant, out var node) && Remove(ticket, node);

        private bool Remove(Ticket ticket, LinkedListNode<Line> node)
        {
            var found = node.Value.Tickets.Remove(ticket);
            if (node.Value.Tickets.Count == 0)
            {
                _lines.Remove(node);
                _byTenant.Remove(ticket.Claim.Tenant);
            }

            return found;
        }
    }

    private sealed class Line
    {
        public LinkedList<Ticket> Tickets { get; } = new();

        public long Deficit { get; set; }
    }
}

/// <summary>What a request asks of the queue.</summary>
internal readonly record struct Claim(string Tenant, Criticality Criticality, int Weight, long Tokens);

/// <summary>A place in the queue.</summary>
internal sealed class Ticket(Claim claim)
{
    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Claim Claim => claim;

    public bool IsWaiting => !_outcome.Task.IsCompleted;

    /// <summary>True when it was let in, false when it had to make way.</summary>
    public Task<bool> Outcome => _outcome.Task;

    public void Admit() => _outcome.TrySetResult(true);

    public void Shed() => _outcome.TrySetResult(false);
}
