using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;

namespace Continuity.Gateway.Health;

/// <summary>
/// What this gateway knows of a replica's health: its own outcomes, its own probes, the monitors' verdict.
/// </summary>
/// <remarks>Thread-safe. Times are timestamps of the gateway's clock.</remarks>
internal sealed class ReplicaHealth
{
    private readonly Lock _lock = new();
    private int _failures;
    private int _probeFailures;
    private int _ejections;
    private long _ejectedUntil;
    private bool _awaitsCanary;
    private volatile bool _isSlow;
    private volatile bool _probedDown;
    private volatile Standing _standing = Standing.Good;

    /// <summary>Why it is where it is; empty while all is well.</summary>
    public string Reason { get; private set; } = "";

    public Standing Standing => _standing;

    public bool ProbedDown => _probedDown;

    /// <summary>
    /// Whether it was ejected because answers took too long, and not because of any that proved it ill.
    /// </summary>
    public bool IsOutForSlowness => _isSlow && _standing == Standing.Ejected;

    public int Ejections => _ejections;

    public long EjectedUntil => Volatile.Read(ref _ejectedUntil);

    /// <summary>
    /// Whether the next probe must be a request for a token: the ejection is over, its proof is missing.
    /// </summary>
    public bool NeedsCanary(long now) => _awaitsCanary && !_probedDown && now >= EjectedUntil;

    public void Succeeded()
    {
        // The usual case takes no lock: there is nothing to forget.
        if (_failures == 0 && _ejections == 0)
        {
            return;
        }

        lock (_lock)
        {
            _failures = 0;
            if (_standing == Standing.Good)
            {
                _ejections = 0;
            }
        }
    }

    /// <summary>A request failed here through no fault of its caller.</summary>
    /// <returns>Whether this failure ejected the replica.</returns>
    public bool Failed(HealthSettings settings, Clock clock, Failure failure)
    {
        lock (_lock)
        {
            // Slowness that turns out to be illness is no longer a reason to try it all the same.
            _isSlow &= failure.TookTooLong;
            if (_standing != Standing.Good || ++_failures < settings.Failures)
            {
                return false;
            }

            Eject(settings, clock, failure.Reason, failure.TookTooLong);
            return true;
        }
    }

    /// <summary>Takes it out at once: its silence is proof enough.</summary>
    /// <returns>Whether it was in until now.</returns>
    public bool Suspect(HealthSettings settings, Clock clock, string reason)
    {
        lock (_lock)
        {
            if (_standing != Standing.Good)
            {
                return false;
            }

            Eject(settings, clock, reason, isSlow: true);
            return true;
        }
    }

    /// <summary>Its health page answered, or didn't.</summary>
    /// <returns>Whether this probe took it out.</returns>
    public bool Probed(bool healthy, HealthSettings settings, string reason)
    {
        lock (_lock)
        {
            if (healthy)
            {
                _probeFailures = 0;
                if (_probedDown)
                {
                    _probedDown = false;
                    Readmit();
                }

                return false;
            }

            if (_probedDown || ++_probeFailures < settings.Failures)
            {
                return false;
            }

            _probedDown = true;
            Reason = reason;
            return true;
        }
    }

    /// <summary>The one-token request after an ejection was answered, or not.</summary>
    public void CanaryEnded(ProbeAnswer answer, HealthSettings settings, Clock clock)
    {
        lock (_lock)
        {
            if (!_awaitsCanary)
            {
                return;
            }

            if (answer.Healthy)
            {
                Readmit();
            }
            else
            {
                Eject(settings, clock, answer.Reason, isSlow: _isSlow && answer.TookTooLong);
            }
        }
    }

    /// <summary>Lets an ejection end by time where no canary is asked for.</summary>
    public void Refresh(long now)
    {
        if (_standing == Standing.Ejected && !_awaitsCanary && now >= EjectedUntil)
        {
            lock (_lock)
            {
                if (_standing == Standing.Ejected && !_awaitsCanary && now >= _ejectedUntil)
                {
                    // One failure short of the limit: if the first request after the ejection fails, it is out again.
                    _standing = Standing.Good;
                    Reason = "";
                }
            }
        }
    }

    private void Eject(HealthSettings settings, Clock clock, string reason, bool isSlow)
    {
        var wait = settings.EjectionTime * Math.Pow(2, Math.Min(_ejections, 20));
        var limited = wait < settings.MaxEjectionTime ? wait : settings.MaxEjectionTime;
        Volatile.Write(ref _ejectedUntil, clock.After(limited));
        _ejections++;
        _failures = settings.Failures - 1;
        _awaitsCanary = settings.Canary && settings.Interval > TimeSpan.Zero;
        _isSlow = isSlow;
        _standing = Standing.Ejected;
        Reason = reason;
    }

    private void Readmit()
    {
        _awaitsCanary = false;
        _failures = 0;
        _standing = Standing.Good;
        Volatile.Write(ref _ejectedUntil, 0);
        Reason = "";
    }
}

/// <summary>Whether this gateway's own requests have taken a replica out.</summary>
internal enum Standing
{
    Good,
    Ejected,
}
