using Continuity.Contracts.Routing;

namespace Continuity.Workers.Monitoring;

/// <summary>
/// Decides from what this vantage sees, and what others saw, what is told to the gateways. A monitor to which more
/// than half of all replicas look dead at once suspects itself: it may be the one that is cut off. It then says
/// Failed only of a replica that another vantage sees failing too, and Suspect, which takes no traffic away, of the
/// others.
/// </summary>
internal static class Judgement
{
    /// <param name="own">This vantage's verdict on each replica.</param>
    /// <param name="isFailedElsewhere">Whether another vantage says, freshly, that a replica is Failed.</param>
    public static Dictionary<string, Verdict> Decide(
        IReadOnlyDictionary<string, Verdict> own, Func<string, bool> isFailedElsewhere)
    {
        var failed = own.Values.Count(verdict => verdict == Verdict.Failed);
        var suspectsItself = own.Count > 1 && failed * 2 > own.Count;
        return own.ToDictionary(
            pair => pair.Key,
            pair => pair.Value == Verdict.Failed && suspectsItself && !isFailedElsewhere(pair.Key)
                ? Verdict.Suspect
                : pair.Value,
            StringComparer.Ordinal);
    }
}
