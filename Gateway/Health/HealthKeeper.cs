using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Health;

/// <summary>Turns outcomes into standing: who failed is ejected, and what was in flight there goes elsewhere.</summary>
internal sealed partial class HealthKeeper(Attention attention, Clock clock, ILogger<HealthKeeper> logger)
{
    public void Answered(ServicePool pool, Replica replica, long startedAt)
    {
        var now = clock.Now;
        var seconds = clock.Seconds(now - startedAt);
        replica.Latency.Record(seconds, now);
        if (pool.Route.Admission.MaxConcurrencyPerReplica is > 0 and var most)
        {
            replica.Limit.Answered(seconds, replica.InFlight, most);
        }

        replica.Health.Succeeded();
        replica.Outcomes.Count(Outcome.Answered);
    }

    public void Failed(ServicePool pool, Replica replica, Failure failure)
    {
        replica.Outcomes.Count(failure.Outcome);
        if (pool.Route.Admission.MaxConcurrencyPerReplica is > 0 and var most && failure.IsReplicasFault)
        {
            replica.Limit.Failed(most);
        }

        // A call that was moved on a verdict is no further evidence: the verdict is already known.
        // Neither is what took too long for a process that is behind with reading.
        if (!failure.IsReplicasFault || failure.Outcome == Outcome.JudgedDown
            || (failure.TookTooLong && attention.IsBehind(clock.Now)))
        {
            return;
        }

        if (replica.Health.Failed(pool.Route.Health, clock, failure))
        {
            LogEjected(replica.Id, pool.Name, failure.Reason);
        }
    }

    public void Probed(ServicePool pool, Replica replica, bool healthy, string reason)
    {
        var wasDown = replica.Health.ProbedDown;
        if (replica.Health.Probed(healthy, pool.Route.Health, reason))
        {
            LogDown(replica.Id, pool.Name, reason);

            // When most of them look dead, the fault is more likely on this side: calls that may still be answered
            // stay.
            if (!MostLookDead(pool))
            {
                replica.Calls.EndAll(CallEnding.JudgedDown);
            }
        }
        else if (wasDown && healthy)
        {
            LogUp(replica.Id, pool.Name);
        }
    }

    /// <summary>Its streams have fallen silent in a way that is no accident any more: they go elsewhere now.</summary>
    public void FellSilent(ServicePool pool, Replica replica, TimeSpan silence, double phi)
    {
        var reason = $"No chunk on {replica.Rhythm.Streams} streams for {silence.TotalMilliseconds:F0} ms (phi "
            + $"{phi:F1}).";
        if (replica.Health.Suspect(pool.Route.Health, clock, reason))
        {
            LogEjected(replica.Id, pool.Name, reason);
        }

        replica.Calls.EndAll(CallEnding.JudgedDown, movableOnly: true);
    }

    public void CanaryEnded(ServicePool pool, Replica replica, ProbeAnswer answer)
    {
        replica.Health.CanaryEnded(answer, pool.Route.Health, clock);
        if (answer.Healthy)
        {
            LogUp(replica.Id, pool.Name);
        }
    }

    private static bool MostLookDead(ServicePool pool)
    {
        var dead = 0;
        foreach (var replica in pool.Replicas)
        {
            dead += replica.LooksAlive ? 0 : 1;
        }

        return dead > pool.Route.Health.MaxEjectedShare * pool.Replicas.Length;
    }

    [LoggerMessage(2001, LogLevel.Warning, "Replica {Replica} of {Service} is ejected: {Reason}")]
    private partial void LogEjected(string replica, string service, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Replica {Replica} of {Service} is down by its health page, and its "
        + "requests in flight go elsewhere: {Reason}")]
    private partial void LogDown(string replica, string service, string reason);

    [LoggerMessage(2003, LogLevel.Information, "Replica {Replica} of {Service} takes requests again.")]
    private partial void LogUp(string replica, string service);
}
