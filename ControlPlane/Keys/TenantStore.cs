using Continuity.Contracts.Keys;
using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Keys;

/// <summary>The limits of tenants that have any.</summary>
public sealed class TenantStore(ControlPlaneDatabase database)
{
    public Task<(Tenant Tenant, bool Created)> PutAsync(
        string name, TenantLimits limits, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
            {
                var row = await unit.Context.Tenants.FindAsync([name], token);
                var created = row is null;
                var json = TenantRow.FormatLimits(limits);
                if (row is null)
                {
                    row = new TenantRow { Name = name, Limits = json };
                    unit.Context.Tenants.Add(row);
                }

                row.Limits = json;
                await unit.Context.SaveChangesAsync(token);
                return (row.ToTenant(), created);
            },
            cancellationToken);

    public Task<IReadOnlyList<Tenant>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Tenant>>(
            async (unit, token) =>
            {
                var rows = await unit.Context.Tenants.AsNoTracking().OrderBy(row => row.Name).ToListAsync(token);
                return [.. rows.Select(row => row.ToTenant())];
            },
            cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) => await unit.ExecuteAsync("DELETE FROM tenants WHERE name = $1", [name], token) == 1,
            cancellationToken);
}
