using Continuity.Contracts.Routing;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Services;

namespace Continuity.ControlPlane.Faults;

/// <summary>
/// Makes a fault on record of each outage of a replica, so that failure rates follow what happens. An outage begins
/// with the verdict that a replica has failed, unless it is being taken out on purpose, and ends when it serves again,
/// also at another address. In between it may look suspect as often as it likes.
/// </summary>
internal static class OutageLog
{
    public static async Task FollowAsync(
        UnitOfWork unit, ReplicaVerdict verdict, CancellationToken cancellationToken)
    {
        switch (verdict.Verdict)
        {
            case Verdict.Failed:
                await BeginAsync(unit, verdict, cancellationToken);
                break;
            case Verdict.Healthy or Verdict.Gray:
                await EndAsync(unit, verdict.Replica, cancellationToken);
                break;
        }
    }

    private static Task<int> BeginAsync(
        UnitOfWork unit, ReplicaVerdict verdict, CancellationToken cancellationToken) =>
        unit.ExecuteAsync(
            """
            INSERT INTO outages (replica, reason)
            SELECT id, $2::text FROM replicas WHERE id = $1 AND state NOT IN ('draining', 'stopped')
            ON CONFLICT (replica) DO NOTHING
            """,
            [verdict.Replica, verdict.Reason],
            cancellationToken);

    private static Task<int> EndAsync(UnitOfWork unit, string replica, CancellationToken cancellationToken) =>
        unit.ExecuteAsync(
            """
            WITH ended AS (DELETE FROM outages WHERE replica = $1 RETURNING began_at, reason)
            INSERT INTO faults (id, component, is_drill, repair_hours, note)
            SELECT $2, 'replica', false,
                greatest(extract(epoch FROM clock_timestamp() - began_at) / 3600, 1e-6),
                concat('Seen by the monitors: replica ', $1, ' failed. ', reason)
            FROM ended
            """,
            [replica, $"outage-{Guid.CreateVersion7():N}"],
            cancellationToken);
}
