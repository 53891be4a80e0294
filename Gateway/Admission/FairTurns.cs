namespace Continuity.Gateway.Admission;

/// <summary>
/// Requests of one criticality that wait: their tenants take turns by tokens and weight (deficit round robin, Shreedhar
/// and Varghese 1995).
/// </summary>
internal sealed class FairTurns
{
    // What one turn grants a tenant of the usual weight: an average chat, so that most turns serve a request.
    private const long Quantum = 1000;
    private const int UsualWeight = 100;
    private readonly LinkedList<Line> _lines = new();
    private readonly Dictionary<string, LinkedListNode<Line>> _byTenant = new(StringComparer.Ordinal);

    /// <summary>What all who wait ask for together.</summary>
    public double Tokens { get; private set; }

    public void Add(Ticket ticket)
    {
        if (!_byTenant.TryGetValue(ticket.Claim.Tenant, out var node))
        {
            node = _lines.AddLast(new Line(ticket.Claim.Weight));
            _byTenant[ticket.Claim.Tenant] = node;
        }

        node.Value.Tickets.AddLast(ticket);
        Count(node.Value, ticket.Claim.Tokens);
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

    /// <summary>What is served before a request's turn; of one that would be the last, without a ticket.</summary>
    public double TokensBefore(Claim claim, Ticket? ticket)
    {
        _byTenant.TryGetValue(claim.Tenant, out var own);
        var before = own is null ? 0 : ticket is null ? own.Value.Tokens : TokensBefore(own.Value, ticket);
        var sum = before;

        // While its tenant is granted what it needs, each other one is granted as much by its own weight, if it wants.
        var granted = (before + claim.Tokens) / Math.Max(1, claim.Weight);
        foreach (var line in _lines)
        {
            if (line != own?.Value)
            {
                sum += Math.Min(line.Tokens, granted * line.Weight);
            }
        }

        return sum;
    }

    private static double TokensBefore(Line line, Ticket ticket)
    {
        double sum = 0;
        for (var node = line.Tickets.First; node is not null && node.Value != ticket; node = node.Next)
        {
            sum += node.Value.Claim.Tokens;
        }

        return sum;
    }

    private bool Remove(Ticket ticket, LinkedListNode<Line> node)
    {
        if (!node.Value.Tickets.Remove(ticket))
        {
            return false;
        }

        Count(node.Value, -ticket.Claim.Tokens);
        if (node.Value.Tickets.Count == 0)
        {
            _lines.Remove(node);
            _byTenant.Remove(ticket.Claim.Tenant);
        }

        return true;
    }

    private void Count(Line line, long tokens)
    {
        line.Tokens += tokens;
        Tokens += tokens;
    }

    private sealed class Line(int weight)
    {
        public int Weight => weight;

        public LinkedList<Ticket> Tickets { get; } = new();

        public double Tokens { get; set; }

        public long Deficit { get; set; }
    }
}
