using Continuity.Contracts;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Services;

/// <summary>The model names that clients ask for, and other HTTP services by prefix.</summary>
public sealed class ServiceStore(ControlPlaneDatabase database)
{
    public Task<(Service Service, bool Created)> PutAsync(
        string name, ServiceSettings settings, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
            {
                var row = await unit.Context.Services.FindAsync([name], token);
                var created = row is null;
                var json = ServiceRow.FormatSettings(settings);
                if (row is null)
                {
                    row = new ServiceRow { Name = name, Settings = json };
                    unit.Context.Services.Add(row);
                }

                row.Settings = json;
                await unit.Context.SaveChangesAsync(token);
                return (row.ToService(), created);
            },
            cancellationToken);

    public Task<Service?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) => (await unit.Context.Services.FindAsync([name], token))?.ToService(),
            cancellationToken);

    /// <summary>By name, from the one after <paramref name="after"/>.</summary>
    public Task<Page<Service>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) =>
            {
                var rows = await unit.Context.Services.AsNoTracking()
                    .Where(row => after == null || string.Compare(row.Name, after) > 0)
                    .OrderBy(row => row.Name).Take(limit + 1).ToListAsync(token);
                return rows.ToPage(limit, row => row.ToService(), row => row.Name);
            },
            cancellationToken);

    /// <summary>Forgets the service and its replicas.</summary>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) => await unit.ExecuteAsync("DELETE FROM services WHERE name = $1", [name], token) == 1,
            cancellationToken);
}
