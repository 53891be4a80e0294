using System.Globalization;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Faults;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Topology;

/// <summary>Reads what the platform consists of, and waits for it to change.</summary>
public sealed class PlatformSnapshots(ControlPlaneDatabase database, Notifications notifications)
{
    // A change of artefact sets or faults wakes nobody, and a notification can be lost with its connection.
    private static readonly TimeSpan _longestBlindWait = TimeSpan.FromSeconds(1);

    /// <summary>The version of what is there now, by one small query.</summary>
    public Task<string> ReadVersionAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ReadVersionAsync, cancellationToken);

    /// <summary>All of it, from one consistent state of the tables.</summary>
    public Task<PlatformSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) =>
            {
                var version = await ReadVersionAsync(unit, token);
                var context = unit.Context;
                var sites = await context.Sites.AsNoTracking()
                    .OrderBy(row => row.Priority).ThenBy(row => row.Id).ToListAsync(token);
                var services = await context.Services.AsNoTracking().OrderBy(row => row.Name).ToListAsync(token);
                var replicas = await context.Replicas.AsNoTracking()
                    .OrderBy(row => row.Service).ThenBy(row => row.Id).ToListAsync(token);
                var sets = await context.ArtefactSets.AsNoTracking().OrderBy(row => row.Name).ToListAsync(token);
                var faults = await unit.ReadAllAsync(
                    $"SELECT {FaultStore.Columns} FROM faults ORDER BY id", [], FaultStore.Read, token);
                var readAt = await unit.ReadFirstAsync(
                    "SELECT now()", [], row => row.GetFieldValue<DateTimeOffset>(0), token);
                return new PlatformSnapshot(
                    version,
                    [.. sites.Select(row => row.ToSite())],
                    [.. services.Select(row => row.ToService())],
                    [.. replicas.Select(row => row.ToReplica())],
                    [.. sets.Select(row => row.ToArtefactSet())])
                {
                    Faults = faults,
                    ReadAt = readAt,
                };
            },
            cancellationToken);

    /// <summary>The version as soon as it is another one than the caller knows.</summary>
    public async Task<string> NextVersionAsync(string? known, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before looking: a change between the look and the wait ends the wait at once.
            var changed = notifications.NextAsync(Notifications.Routing);
            var version = await ReadVersionAsync(cancellationToken);
            if (version != known)
            {
                return version;
            }

            await notifications.WaitAsync(changed, _longestBlindWait, cancellationToken);
        }
    }

    // Artefact sets and faults are no part of routing: their number and the times of their changes stand for them. All
    // times, and not the last alone: a change that began before another one may be stored after it.
    private static async Task<string> ReadVersionAsync(UnitOfWork unit, CancellationToken cancellationToken) =>
        await unit.ReadFirstAsync(
            """
            SELECT version,
                (SELECT count(*) FROM artefact_sets),
                (SELECT coalesce(sum((extract(epoch FROM updated_at) * 1000000)::bigint), 0)::text
                    FROM artefact_sets),
                (SELECT count(*) FROM faults),
                (SELECT coalesce(sum((extract(epoch FROM recorded_at) * 1000000)::bigint), 0)::text FROM faults)
            FROM routing_version
            """,
            [],
            row => string.Create(
                CultureInfo.InvariantCulture,
                $"{row.GetInt64(0)}.{row.GetInt64(1)}.{row.GetString(2)}.{row.GetInt64(3)}.{row.GetString(4)}"),
            cancellationToken)
        ?? throw new InvalidOperationException("The table routing_version has no row.");
}
