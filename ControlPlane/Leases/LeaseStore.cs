using Continuity.ControlPlane.Database;

namespace Continuity.ControlPlane.Leases;

/// <summary>Leases in PostgreSQL: each operation is one statement on the database's clock.</summary>
public sealed class LeaseStore(ControlPlaneDatabase database, TimeProvider time)
{
    /// <summary>Takes the lease if nobody has it; <see langword="null"/> when somebody does.</summary>
    public async Task<Lease?> TryAcquireAsync(
        string name, string holder, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(holder);
        var askedAt = time.GetTimestamp();
        return await database.WriteAsync(
            (unit, token) => TryAcquireAsync(unit, new LeaseRequest(name, holder, timeToLive, askedAt), token),
            cancellationToken);
    }

    /// <summary>Makes the lease last from now; <see langword="null"/> when it is no longer the holder's.</summary>
    /// <remarks>
    /// A lease that has ended is not renewed, even if nobody took it: its holder stopped trusting it before.
    /// </remarks>
    public async Task<Lease?> RenewAsync(Lease lease, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        return await database.WriteAsync(
            (unit, token) => unit.ReadFirstAsync(
                """
                UPDATE leases SET expires_at = clock_timestamp() + $3
                WHERE name = $1 AND fencing_token = $2 AND expires_at > clock_timestamp()
                RETURNING expires_at
                """,
                [lease.Name, lease.FencingToken, timeToLive],
                row => lease with { ExpiresAt = row.GetFieldValue<DateTimeOffset>(0), AskedAt = askedAt },
                token),
            cancellationToken);
    }

    /// <summary>Gives the lease back; does nothing when it is no longer the holder's.</summary>
    public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken) =>
        database.WriteAsync((unit, token) => ReleaseAsync(unit, lease, token), cancellationToken);

    // The row stays when a lease is released, because its token must go on growing.
    internal static Task<Lease?> TryAcquireAsync(
        UnitOfWork unit, LeaseRequest request, CancellationToken cancellationToken) =>
        unit.ReadFirstAsync(
            """
            INSERT INTO leases AS held (name, holder, fencing_token, expires_at)
            VALUES ($1, $2, 1, clock_timestamp() + $3)
            ON CONFLICT (name) DO UPDATE
            SET holder = excluded.holder, fencing_token = held.fencing_token + 1, expires_at = clock_timestamp() + $3
            WHERE held.expires_at <= clock_timestamp()
            RETURNING fencing_token, expires_at
            """,
            [request.Name, request.Holder, request.TimeToLive],
            row => new Lease
            {
                Name = request.Name,
                Holder = request.Holder,
                FencingToken = row.GetInt64(0),
                ExpiresAt = row.GetFieldValue<DateTimeOffset>(1),
                AskedAt = request.AskedAt,
            },
            cancellationToken);

    internal static Task ReleaseAsync(UnitOfWork unit, Lease lease, CancellationToken cancellationToken) =>
        unit.ExecuteAsync(
            "UPDATE leases SET expires_at = clock_timestamp() WHERE name = $1 AND fencing_token = $2",
            [lease.Name, lease.FencingToken],
            cancellationToken);

    /// <summary>
    /// Locks the lease's row if the token is still the newest: until the transaction ends nobody takes over.
    /// </summary>
    internal static async Task<bool> IsNewestAsync(UnitOfWork unit, Lease lease, CancellationToken cancellationToken) =>
        await unit.ReadFirstAsync(
            "SELECT true FROM leases WHERE name = $1 AND fencing_token = $2 FOR UPDATE",
            [lease.Name, lease.FencingToken],
            row => row.GetBoolean(0),
            cancellationToken);
}

internal sealed record LeaseRequest(string Name, string Holder, TimeSpan TimeToLive, long AskedAt);
