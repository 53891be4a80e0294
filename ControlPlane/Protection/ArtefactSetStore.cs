using Continuity.Contracts;
using Continuity.Contracts.ArtefactSets;
using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Protection;

/// <summary>What became of the declaration of an artefact set.</summary>
public abstract record PutArtefactSet
{
    private PutArtefactSet()
    {
    }

    public sealed record Stored(ArtefactSet Set, bool Created) : PutArtefactSet;

    /// <summary>A field names something that can't be.</summary>
    public sealed record Invalid(IReadOnlyDictionary<string, string[]> Errors) : PutArtefactSet;
}

/// <summary>What became of the wish to forget an artefact set.</summary>
public enum ArtefactSetDeletion
{
    Deleted,
    Unknown,

    /// <summary>Jobs of it wait or run: cancel them first.</summary>
    HasUnfinishedJobs,
}

/// <summary>Which folders are protected, and how.</summary>
public sealed class ArtefactSetStore(ControlPlaneDatabase database)
{
    public Task<PutArtefactSet> PutAsync(
        string name, PutArtefactSetRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
            {
                if (await FindErrorsAsync(unit, request, token) is { Count: > 0 } errors)
                {
                    return new PutArtefactSet.Invalid(errors);
                }

                var row = await unit.Context.ArtefactSets.FindAsync([name], token);
                var created = row is null;
                if (row is null)
                {
                    row = new ArtefactSetRow { Name = name, SourceSite = "", SourcePath = "", Targets = "[]" };
                    unit.Context.ArtefactSets.Add(row);
                }

                row.SourceSite = request.Source.Site;
                row.SourcePath = request.Source.Path;
                row.Targets = ArtefactSetRow.FormatTargets(request.Targets);
                row.Deletions = request.Deletions;
                row.ArchivesSite = request.Archives?.Site;
                row.ArchivesPath = request.Archives?.Path;
                await unit.Context.SaveChangesAsync(token);
                return (PutArtefactSet)new PutArtefactSet.Stored(row.ToArtefactSet(), created);
            },
            cancellationToken);

    public Task<ArtefactSet?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) => (await unit.Context.ArtefactSets.FindAsync([name], token))?.ToArtefactSet(),
            cancellationToken);

    /// <summary>By name, from the one after <paramref name="after"/>.</summary>
    public Task<Page<ArtefactSet>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) =>
            {
                var rows = await unit.Context.ArtefactSets.AsNoTracking()
                    .Where(row => after == null || string.Compare(row.Name, after) > 0)
                    .OrderBy(row => row.Name).Take(limit + 1).ToListAsync(token);
                return rows.ToPage(limit, row => row.ToArtefactSet(), row => row.Name);
            },
            cancellationToken);

    public Task<ArtefactSetDeletion> DeleteAsync(string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) =>
            {
                // Locked first, so that no job can be created between the look and the deletion.
                var exists = await unit.ReadFirstAsync(
                    "SELECT true FROM artefact_sets WHERE name = $1 FOR UPDATE", [name], row => row.GetBoolean(0),
                        token);
                if (!exists)
                {
                    return ArtefactSetDeletion.Unknown;
                }

                var deleted = await unit.ExecuteAsync(
                    """
                    DELETE FROM artefact_sets WHERE name = $1 AND NOT EXISTS (
                        SELECT FROM jobs WHERE artefact_set = $1 AND state IN ('queued', 'running'))
                    """,
                    [name],
                    token);
                return deleted == 1 ? ArtefactSetDeletion.Deleted : ArtefactSetDeletion.HasUnfinishedJobs;
            },
            cancellationToken);

    private static async Task<Dictionary<string, string[]>> FindErrorsAsync(
        UnitOfWork unit, PutArtefactSetRequest request, CancellationToken cancellationToken)
    {
        var places = new List<(string Field, SitePath Path)> { ("source", request.Source) };
        places.AddRange(request.Targets.Select((target, index) => ($"targets[{index}]", target)));
        if (request.Archives is not null)
        {
            places.Add(("archives", request.Archives));
        }

        var ids = places.Select(place => place.Path.Site).Distinct().ToArray();
        var sites = await unit.Context.Sites.AsNoTracking()
            .Where(site => ids.Contains(site.Id)).ToDictionaryAsync(site => site.Id, cancellationToken);
        var errors = new Dictionary<string, string[]>();
        foreach (var (field, path) in places)
        {
            if (!sites.TryGetValue(path.Site, out var site))
            {
                errors[$"{field}.site"] = [$"Site '{path.Site}' is not declared."];
            }
            else if (SitePaths.WhyInvalid(path, site.StorageRoots) is { } reason)
            {
                errors[$"{field}.path"] = [reason];
            }
        }

        foreach (var (field, path) in places.Skip(1).Where(place => Overlaps(place.Path, request.Source)))
        {
            errors.TryAdd($"{field}.path", [$"Path '{path.Path}' must not be the source, within it or around it."]);
        }

        return errors;

        bool Overlaps(SitePath one, SitePath other)
        {
            if (errors.Count > 0 || one.Site != other.Site)
            {
                return false;
            }

            var roots = sites[one.Site].StorageRoots;
            var first = SitePaths.Resolve(one, roots) + "/";
            var second = SitePaths.Resolve(other, roots) + "/";
            return first.StartsWith(second, StringComparison.Ordinal) || second.StartsWith(first,
                StringComparison.Ordinal);
        }
    }
}
