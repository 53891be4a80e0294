using System.Text.Json;
using Continuity.Contracts;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Continuity.ControlPlane.Sites;

/// <summary>What became of the wish to forget something.</summary>
public enum Deletion
{
    Deleted,
    Unknown,

    /// <summary>Something else refers to it: remove that first.</summary>
    InUse,
}

/// <summary>The places where replicas run and artefact sets are kept.</summary>
public sealed class SiteStore(ControlPlaneDatabase database)
{
    public Task<(Site Site, bool Created)> PutAsync(
        string id, PutSiteRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
            {
                var row = await unit.Context.Sites.FindAsync([id], token);
                var created = row is null;
                if (row is null)
                {
                    row = new SiteRow { Id = id };
                    unit.Context.Sites.Add(row);
                }

                row.State = request.State;
                row.Priority = request.Priority;
                row.Weight = request.Weight;
                row.StorageRoots = [.. request.StorageRoots];
                row.Domains = request.Domains is null
                    ? row.Domains
                    : JsonSerializer.Serialize(request.Domains, JsonSerializerOptions.Web);
                await unit.Context.SaveChangesAsync(token);
                if (request.Domains is not null)
                {
                    await TakeOffReplicasAsync(unit, id, request.Domains, token);
                }

                return (row.ToSite(), created);
            },
            cancellationToken);

    // No replica names a domain that is not there.
    private static Task<int> TakeOffReplicasAsync(
        UnitOfWork unit, string site, IReadOnlyList<FailureDomain> left, CancellationToken cancellationToken) =>
        unit.ExecuteAsync(
            """
            UPDATE replicas SET domains = ARRAY(
                SELECT name FROM unnest(domains) WITH ORDINALITY AS named (name, place)
                WHERE name = ANY ($2) ORDER BY place)
            WHERE site = $1 AND NOT domains <@ $2
            """,
            [site, left.Select(domain => domain.Name).ToArray()],
            cancellationToken);

    public Task<Site?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) => (await unit.Context.Sites.FindAsync([id], token))?.ToSite(), cancellationToken);

    /// <summary>By id, from the one after <paramref name="after"/>.</summary>
    public Task<Page<Site>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) =>
            {
                var rows = await unit.Context.Sites.AsNoTracking()
                    .Where(row => after == null || string.Compare(row.Id, after) > 0)
                    .OrderBy(row => row.Id).Take(limit + 1).ToListAsync(token);
                return rows.ToPage(limit, row => row.ToSite(), row => row.Id);
            },
            cancellationToken);

    public async Task<Deletion> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(
                async (unit, token) =>
                {
                    var deleted = await unit.ExecuteAsync(
                        """
                        DELETE FROM sites WHERE id = $1 AND NOT EXISTS (
                            SELECT FROM artefact_sets WHERE targets @> jsonb_build_array(jsonb_build_object('site',
                                $1)))
                        """,
                        [id],
                        token);
                    return deleted == 1 ? Deletion.Deleted
                        : await unit.Context.Sites.AnyAsync(row => row.Id == id, token) ? Deletion.InUse
                        : Deletion.Unknown;
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Deletion.InUse;
        }
    }
}
