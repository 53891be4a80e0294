using Continuity.Contracts;
using Continuity.Contracts.Reliability;
using Continuity.ControlPlane.Database;
using Npgsql;

namespace Continuity.ControlPlane.Faults;

/// <summary>The faults on record.</summary>
public sealed class FaultStore(ControlPlaneDatabase database)
{
    internal const string Columns =
        "id, component, is_drill, repair_hours, failover_succeeded, note, recorded_at";

    /// <summary>Records a fault, or puts right what is on record of it.</summary>
    public Task<(Fault Fault, bool Created)> PutAsync(
        string id, ObservedFault fault, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (unit, token) => unit.ReadFirstAsync(
                $"""
                INSERT INTO faults (id, component, is_drill, repair_hours, failover_succeeded, note)
                VALUES ($1, $2, $3, $4::double precision, $5::boolean, $6::text)
                ON CONFLICT (id) DO UPDATE SET component = excluded.component, is_drill = excluded.is_drill,
                    repair_hours = excluded.repair_hours, failover_succeeded = excluded.failover_succeeded,
                    note = excluded.note, recorded_at = clock_timestamp()
                RETURNING {Columns}, xmax = 0
                """,
                [id, fault.Component, fault.IsDrill, fault.RepairHours, fault.FailoverSucceeded, fault.Note],
                row => (Read(row), row.GetBoolean(7)),
                token),
            cancellationToken);

    /// <summary>By id, from the one after <paramref name="after"/>.</summary>
    public Task<Page<Fault>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) =>
            {
                var rows = await unit.ReadAllAsync(
                    $"SELECT {Columns} FROM faults WHERE $1::text IS NULL OR id > $1 ORDER BY id LIMIT $2",
                    [after, limit + 1],
                    Read,
                    token);
                return rows.ToPage(limit, fault => fault, fault => fault.Id);
            },
            cancellationToken);

    /// <summary>Takes a fault off the record.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) => await unit.ExecuteAsync("DELETE FROM faults WHERE id = $1", [id], token) == 1,
            cancellationToken);

    internal static Fault Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Observed = new ObservedFault
        {
            Component = row.GetString(1),
            IsDrill = row.GetBoolean(2),
            RepairHours = row.IsDBNull(3) ? null : row.GetDouble(3),
            FailoverSucceeded = row.IsDBNull(4) ? null : row.GetBoolean(4),
            Note = row.IsDBNull(5) ? null : row.GetString(5),
        },
        RecordedAt = row.GetFieldValue<DateTimeOffset>(6),
    };
}
