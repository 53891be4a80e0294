using System.IO.Hashing;
using System.Runtime.InteropServices;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Balancing;

/// <summary>
/// Shuffle sharding: a tenant's replicas are the few that rank first for its name, a different mix for each tenant.
/// </summary>
internal static class TenantShard
{
    public static bool Holds(ServicePool pool, int index, string tenant)
    {
        // Rendezvous hashing: a replica that comes or goes moves only the tenants that had or get it.
        var own = Rank(pool.Replicas[index], tenant);
        var before = 0;
        for (var i = 0; i < pool.Replicas.Length; i++)
        {
            before += i != index && Rank(pool.Replicas[i], tenant) > own ? 1 : 0;
        }

        return before < pool.Route.ReplicasPerTenant;
    }

    private static ulong Rank(Replica replica, string tenant) =>
        XxHash3.HashToUInt64(
            MemoryMarshal.AsBytes(tenant.AsSpan()),
            (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(replica.Id.AsSpan())));
}
