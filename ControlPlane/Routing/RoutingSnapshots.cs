using Continuity.Contracts.Keys;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Keys;
using Continuity.ControlPlane.Services;
using Continuity.ControlPlane.Sites;
using Npgsql;

namespace Continuity.ControlPlane.Routing;

/// <summary>Builds what gateways need from the tables, all of it as of one version.</summary>
public sealed class RoutingSnapshots(ControlPlaneDatabase database)
{
    /// <summary>The newest version, by one small query.</summary>
    public Task<long> ReadVersionAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) => (await ReadVersionAsync(unit, token)).Version, cancellationToken);

    /// <summary>The whole snapshot, from one consistent state of the tables.</summary>
    public Task<RoutingSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ReadAsync, cancellationToken);

    private static async Task<RoutingSnapshot> ReadAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        var (version, changedAt) = await ReadVersionAsync(unit, cancellationToken);
        return new RoutingSnapshot
        {
            Version = version,
            CreatedAt = changedAt,
            Sites = await unit.ReadAllAsync(
                "SELECT id, state, priority, weight FROM sites ORDER BY priority, id", [], ReadSite, cancellationToken),
            Services = await ReadServicesAsync(unit, cancellationToken),
            Prefixes = await unit.ReadAllAsync(
                "SELECT name, prefix, strip_prefix, addresses FROM prefix_services ORDER BY name",
                [],
                ReadPrefix,
                cancellationToken),
            Keys = await unit.ReadAllAsync(
                "SELECT id, sha256, tenant, roles, expires_at FROM api_keys WHERE revoked_at IS NULL ORDER BY id",
                [],
                ReadKey,
                cancellationToken),
            Tenants = await unit.ReadAllAsync(
                "SELECT name, limits FROM tenants ORDER BY name",
                [],
                row => ToRoute(row.GetString(0), TenantRow.ParseLimits(row.GetString(1))),
                cancellationToken),
        };
    }

    private static async Task<(long Version, DateTimeOffset ChangedAt)> ReadVersionAsync(
        UnitOfWork unit, CancellationToken cancellationToken) =>
        await unit.ReadFirstAsync(
            "SELECT version, changed_at FROM routing_version",
            [],
            row => (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1)),
            cancellationToken);

    private static async Task<IReadOnlyList<ServiceRoute>> ReadServicesAsync(
        UnitOfWork unit, CancellationToken cancellationToken)
    {
        var replicas = await unit.ReadAllAsync(
            """
            SELECT service, id, site, address, upstream_model, engine, weight, state, verdict, http2, continuation,
                adapters, credential
            FROM replicas ORDER BY service, id
            """,
            [],
            row => (Service: row.GetString(0), Replica: ReadReplica(row)),
            cancellationToken);
        var byService = replicas.ToLookup(entry => entry.Service, entry => entry.Replica, StringComparer.Ordinal);
        return await unit.ReadAllAsync(
            "SELECT name, settings FROM services ORDER BY name",
            [],
            row =>
            {
                var settings = ServiceRow.ParseSettings(row.GetString(1));
                return new ServiceRoute
                {
                    Name = row.GetString(0),
                    Policy = settings.Policy,
                    FirstByteTimeout = settings.FirstByteTimeout,
                    FirstByteTimeoutPerKiB = settings.FirstByteTimeoutPerKiB,
                    StallTimeout = settings.StallTimeout,
                    RequestTimeout = settings.RequestTimeout,
                    Health = settings.Health,
                    Retry = settings.Retry,
                    Streams = settings.Streams,
                    Admission = settings.Admission,
                    ReplicasPerTenant = settings.ReplicasPerTenant,
                    Replicas = [.. byService[row.GetString(0)]],
                };
            },
            cancellationToken);
    }

    private static SiteRoute ReadSite(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Priority = row.GetInt32(2),
        Weight = row.GetInt32(3),
        AcceptsTraffic = SiteTraffic.IsAccepted(EnumText<SiteState>.Parse(row.GetString(1))),
    };

    private static ReplicaRoute ReadReplica(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(1),
        Site = row.GetString(2),
        Address = new Uri(row.GetString(3)),
        UpstreamModel = row.IsDBNull(4) ? null : row.GetString(4),
        Engine = EnumText<EngineKind>.Parse(row.GetString(5)),
        Weight = row.GetInt32(6),
        State = EnumText<ReplicaState>.Parse(row.GetString(7)),
        Verdict = EnumText<Verdict>.Parse(row.GetString(8)),
        Http2 = row.GetBoolean(9),
        Continuation = EnumText<ContinuationSupport>.Parse(row.GetString(10)),
        Adapters = row.GetFieldValue<string[]>(11),
        Credential = row.IsDBNull(12) ? null : row.GetString(12),
    };

    private static PrefixRoute ReadPrefix(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        Prefix = row.GetString(1),
        StripPrefix = row.GetBoolean(2),
        Addresses = [.. row.GetFieldValue<string[]>(3).Select(address => new Uri(address))],
    };

    private static KeyEntry ReadKey(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Sha256 = row.GetString(1),
        Tenant = row.GetString(2),
        Roles = [.. row.GetFieldValue<string[]>(3).Select(EnumText<Role>.Parse)],
        ExpiresAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
    };

    private static TenantRoute ToRoute(string name, TenantLimits limits) => new()
    {
        Name = name,
        RequestsPerMinute = limits.RequestsPerMinute,
        TokensPerMinute = limits.TokensPerMinute,
        RequestsPerDay = limits.RequestsPerDay,
        TokensPerDay = limits.TokensPerDay,
        MaxConcurrency = limits.MaxConcurrency,
        Weight = limits.Weight,
        Criticality = limits.Criticality,
        ContinueStreams = limits.ContinueStreams,
    };
}
