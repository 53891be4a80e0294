namespace Continuity.Gateway.Forwarding;

/// <summary>The calls in flight at one replica.</summary>
internal sealed class CallSet
{
    private readonly Lock _lock = new();
    private UpstreamCall? _first;

    public bool IsEmpty => Volatile.Read(ref _first) is null;

    public void Add(UpstreamCall call)
    {
        lock (_lock)
        {
            call.Next = _first;
            if (_first is not null)
            {
                _first.Before = call;
            }

            _first = call;
        }
    }

    public void Remove(UpstreamCall call)
    {
        lock (_lock)
        {
            if (call.Next is not null)
            {
                call.Next.Before = call.Before;
            }

            if (call.Before is not null)
            {
                call.Before.Next = call.Next;
            }
            else if (ReferenceEquals(_first, call))
            {
                _first = call.Next;
            }

            call.Next = call.Before = null;
        }
    }

    /// <summary>Ends the calls whose time was up at the look before this one too.</summary>
    /// <remarks>
    /// Twice, because an answer that has arrived may still wait for a thread of this process: between two looks, those
    /// that were waiting have had their turn.
    /// </remarks>
    public void EndOverdue(long now)
    {
        lock (_lock)
        {
            for (var call = _first; call is not null; call = call.Next)
            {
                var deadline = call.Deadline;
                if (deadline > now)
                {
                    continue;
                }

                if (call.MissedDeadline == deadline)
                {
                    call.End(call.CallersDeadline <= now ? CallEnding.DeadlinePassed : CallEnding.TimedOut);
                }

                call.MissedDeadline = deadline;
            }
        }
    }

    /// <summary>Ends all calls, or those alone that can go on elsewhere.</summary>
    public void EndAll(CallEnding reason, bool movableOnly = false)
    {
        lock (_lock)
        {
            for (var call = _first; call is not null; call = call.Next)
            {
                if (!movableOnly || call.MayMove)
                {
                    call.End(reason);
                }
            }
        }
    }
}
