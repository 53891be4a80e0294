using Continuity.Contracts.Routing;
using Continuity.Gateway.Admission;
using Continuity.Gateway.Balancing;

namespace Continuity.Gateway.Routing;

/// <summary>A service of one snapshot: its settings and replicas, and the state that outlives snapshots.</summary>
internal sealed class ServicePool(ServiceRoute route, Replica[] replicas, ServiceState state, SiteRoute[] sites)
{
    public ServiceRoute Route => route;

    public string Name => route.Name;

    public Replica[] Replicas => replicas;

    public ServiceState State => state;

    /// <summary>The site of each replica, by the replica's place.</summary>
    public SiteRoute[] SiteOf { get; } =
        [.. replicas.Select(replica => sites.First(site => site.Id == replica.Route.Site))];

    /// <summary>The priorities in use, the preferred first.</summary>
    public int[] Priorities { get; } =
    [
        .. sites
            .Where(site => replicas.Any(replica => replica.Route.Site == site.Id))
            .Select(site => site.Priority)
            .Distinct()
            .Order(),
    ];

    /// <summary>
    /// Whether sites of one priority have different shares, so that one must be drawn before a replica is chosen.
    /// </summary>
    public bool HasSiteWeights { get; } = sites.Select(site => site.Weight).Distinct().Count() > 1;

    /// <summary>
    /// How many requests may run at all replicas together, by the limits of those that take requests.
    /// </summary>
    public int ConcurrencyLimit
    {
        get
        {
            var settings = route.Admission;
            var sum = 0;
            foreach (var replica in replicas)
            {
                if (replica.TakesTraffic && replica.LooksAlive)
                {
                    sum += replica.Limit.Value(settings.MaxConcurrencyPerReplica, settings.Adaptive);
                }
            }

            return Math.Max(1, sum);
        }
    }

    /// <summary>The requests in flight at all replicas.</summary>
    public int InFlight
    {
        get
        {
            var sum = 0;
            foreach (var replica in replicas)
            {
                sum += replica.InFlight;
            }

            return sum;
        }
    }
}

/// <summary>What a gateway keeps of a service from snapshot to snapshot.</summary>
internal sealed class ServiceState(Clock clock)
{
    private int _turn;

    public RetryBudget Retries { get; } = new();

    public RetryBudget Hedges { get; } = new();

    public AdmissionQueue Queue { get; } = new(clock);

    public int NextTurn() => Interlocked.Increment(ref _turn) & int.MaxValue;
}
