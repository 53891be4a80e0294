namespace Continuity.ModelServer.Faults;

/// <summary>The fault that is switched on, if any.</summary>
internal sealed class FaultSwitch
{
    private readonly Lock _lock = new();

    private FaultPlan _current = FaultPlan.None;

    public FaultPlan Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    public void Set(FaultPlan plan)
    {
        lock (_lock)
        {
            _current = plan;
        }
    }

    /// <summary>What happens to one more request; a plan with a count is used up by that.</summary>
    public FaultPlan Take()
    {
        lock (_lock)
        {
            var plan = _current;
            if (plan.Count is { } count)
            {
                _current = count > 1 ? plan with { Count = count - 1 } : FaultPlan.None;
            }

            return plan;
        }
    }
}
