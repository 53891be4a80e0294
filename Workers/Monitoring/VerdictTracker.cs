using Continuity.Contracts.Routing;

namespace Continuity.Workers.Monitoring;

/// <summary>
/// Turns the probes of one replica into what this vantage thinks of it, with hysteresis: one failure makes a healthy
/// replica Suspect, some in a row make it Failed, and only some successes in a row bring it back.
/// </summary>
internal sealed class VerdictTracker(int failuresToFail, int successesToHeal)
{
    private int _failures;
    private int _successes;

    public Verdict Verdict { get; private set; } = Verdict.Unknown;

    public Verdict Add(bool succeeded)
    {
        (_successes, _failures) = succeeded ? (_successes + 1, 0) : (0, _failures + 1);
        Verdict = Verdict switch
        {
            _ when _successes >= successesToHeal => Verdict.Healthy,
            _ when _failures >= failuresToFail => Verdict.Failed,
            Verdict.Healthy when !succeeded => Verdict.Suspect,
            _ => Verdict,
        };
        return Verdict;
    }
}
