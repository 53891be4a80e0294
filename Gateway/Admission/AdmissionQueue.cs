using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Admission;

/// <summary>
/// The requests of one service that wait for a replica to have room: the more critical first, and tenants of one
/// criticality in turns by the tokens they ask for.
/// </summary>
internal sealed class AdmissionQueue(Clock clock)
{
    // Estimates err: who would have to wait for a little longer than it can may still be lucky.
    private const double Doubt = 1.25;
    private readonly Lock _lock = new();
    private readonly FairTurns[] _turns = [.. Enum.GetValues<Criticality>().Select(_ => new FairTurns())];
    private readonly LinePace _pace = new(clock);
    private int _running;
    private int _waiting;

    public int Running => Volatile.Read(ref _running);

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>
    /// Takes a place if one is free and nobody waits for it, or lines up if the turn can be expected in time.
    /// </summary>
    public Entry Enter(int limit, int queueLength, Claim claim, TimeSpan patience)
    {
        lock (_lock)
        {
            if (_running < limit && _waiting == 0)
            {
                _running++;
                return default;
            }

            var wait = ExpectedWait(claim, ticket: null, limit);
            if (IsTooLong(wait, patience))
            {
                return new Entry(Refusal.TooLong, wait);
            }

            if (_waiting >= queueLength && !MakeRoomFor(claim.Criticality))
            {
                return new Entry(Refusal.Full, wait);
            }

            var ticket = new Ticket(claim);
            _turns[(int)claim.Criticality].Add(ticket);
            _waiting++;
            _pace.Begin();
            Serve(limit);
            return new Entry(ticket);
        }
    }

    /// <summary>A request is over: its place goes to whoever is next.</summary>
    public void Leave(int limit, long tokens)
    {
        lock (_lock)
        {
            _running--;
            _pace.Left(tokens, limit);
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

            Forget();
            return true;
        }
    }

    /// <summary>How much longer a waiting request will have to wait; nothing while that is unknown.</summary>
    public TimeSpan? ExpectedWait(Ticket ticket, int limit)
    {
        lock (_lock)
        {
            return ticket.IsWaiting ? ExpectedWait(ticket.Claim, ticket, limit) : null;
        }
    }

    /// <summary>Whether a wait is certainly longer than somebody can bear.</summary>
    public static bool IsTooLong(TimeSpan? wait, TimeSpan patience) => wait > patience * Doubt;

    private TimeSpan? ExpectedWait(Claim claim, Ticket? ticket, int limit)
    {
        var ahead = _turns[(int)claim.Criticality].TokensBefore(claim, ticket);
        for (var above = (int)claim.Criticality + 1; above < _turns.Length; above++)
        {
            ahead += _turns[above].Tokens;
        }

        return _pace.TimeFor(ahead, limit);
    }

    // The least critical of those who wait makes way for a more critical newcomer.
    private bool MakeRoomFor(Criticality newcomer)
    {
        for (var least = Criticality.Sheddable; least < newcomer; least++)
        {
            if (_turns[(int)least].TakeNewest() is { } shed)
            {
                Forget();
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
                Forget();
                next.Admit();
            }
        }
    }

    private void Forget()
    {
        _waiting--;
        if (_waiting == 0)
        {
            _pace.Pause();
        }
    }
}

/// <summary>What a request asks of the queue.</summary>
internal readonly record struct Claim(string Tenant, Criticality Criticality, int Weight, long Tokens);

/// <summary>What became of a request that came: admitted, in line with a ticket, or refused.</summary>
/// <param name="Ticket">Its place in line.</param>
/// <param name="Refusal">Why it may not even wait.</param>
/// <param name="Wait">How long a refused one would have had to, if that is known.</param>
internal readonly record struct Entry(Ticket? Ticket, Refusal? Refusal, TimeSpan? Wait)
{
    public Entry(Ticket ticket)
        : this(ticket, null, null)
    {
    }

    public Entry(Refusal refusal, TimeSpan? wait)
        : this(null, refusal, wait)
    {
    }
}

/// <summary>Why a request isn't let in.</summary>
internal enum Refusal
{
    /// <summary>The line is full.</summary>
    Full,

    /// <summary>Its turn can't be expected before its deadline.</summary>
    TooLong,

    /// <summary>It has waited for as long as it may.</summary>
    TimedOut,

    /// <summary>A more critical one took its place in the line.</summary>
    Displaced,
}

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
