using Continuity.Contracts.Services;
using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Services;

/// <summary>HTTP services that are no models, by path prefix.</summary>
public sealed class PrefixServiceStore(ControlPlaneDatabase database)
{
    /// <summary>Stores the service; <see langword="null"/> when another one has its prefix.</summary>
    public Task<(PrefixService Service, bool Created)?> PutAsync(
        string name, PutPrefixServiceRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync<(PrefixService, bool)?>(
            async (unit, token) =>
            {
                var services = unit.Context.PrefixServices;
                if (await services.AnyAsync(row => row.Prefix == request.Prefix && row.Name != name, token))
                {
                    return null;
                }

                var row = await services.FindAsync([name], token);
                var created = row is null;
                if (row is null)
                {
                    row = new PrefixServiceRow { Name = name, Prefix = request.Prefix };
                    services.Add(row);
                }

                row.Prefix = request.Prefix;
                row.StripPrefix = request.StripPrefix;
                row.Addresses = [.. request.Addresses.Select(address => address.ToString())];
                await unit.Context.SaveChangesAsync(token);
                return (row.ToPrefixService(), created);
            },
            cancellationToken);

    public Task<IReadOnlyList<PrefixService>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<PrefixService>>(
            async (unit, token) =>
            {
                var rows = await unit.Context.PrefixServices.AsNoTracking().OrderBy(row => row.Name).ToListAsync(token);
                return [.. rows.Select(row => row.ToPrefixService())];
            },
            cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
                await unit.ExecuteAsync("DELETE FROM prefix_services WHERE name = $1", [name], token) == 1,
            cancellationToken);
}
