using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Living;

/// <summary>Finds what is wrong with the failure domains of a topology: all of it at once.</summary>
internal static class TopologyCheck
{
    public static void Run(PlatformTopology topology)
    {
        var errors = topology.Sites.SelectMany(Errors).ToList();
        var known = topology.Sites
            .GroupBy(site => site.Id, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => group.SelectMany(site => site.Domains).Select(domain => domain.Id)
                    .ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal);
        errors.AddRange(
            from service in topology.Services
            from replica in service.Replicas
            where known.ContainsKey(replica.Site)
            from name in replica.Domains
            where !known[replica.Site].Contains(name)
            select new ModelError(
                replica.Id,
                $"names the domain '{name}', which site '{replica.Site}' does not declare; declare it there."));
        if (errors.Count > 0)
        {
            throw new InvalidModelException(errors);
        }
    }

    /// <summary>The domains of a site, each after those it depends on; fewer than all where there is a cycle.</summary>
    public static List<TopologyDomain> InOrder(TopologySite site)
    {
        var waiting = site.Domains.ToDictionary(
            domain => domain.Id, domain => domain.DependsOn.Count, StringComparer.Ordinal);
        var users = site.Domains
            .SelectMany(domain => domain.DependsOn, (user, used) => (user, used))
            .ToLookup(pair => pair.used, pair => pair.user, StringComparer.Ordinal);
        var ready = new Queue<TopologyDomain>(site.Domains.Where(domain => waiting[domain.Id] == 0));
        var ordered = new List<TopologyDomain>();
        while (ready.TryDequeue(out var domain))
        {
            ordered.Add(domain);
            foreach (var user in users[domain.Id])
            {
                if (--waiting[user.Id] == 0)
                {
                    ready.Enqueue(user);
                }
            }
        }

        return ordered;
    }

    private static IEnumerable<ModelError> Errors(TopologySite site)
    {
        var names = site.Domains.Select(domain => domain.Id).ToHashSet(StringComparer.Ordinal);
        if (names.Count < site.Domains.Count)
        {
            var twice = site.Domains.GroupBy(domain => domain.Id, StringComparer.Ordinal)
                .First(group => group.Count() > 1).Key;
            return [new ModelError(site.Id, $"declares the domain '{twice}' twice; names are unique at a site.")];
        }

        var errors = site.Domains.SelectMany(domain => Errors(site, domain, names)).ToList();
        if (errors.Count == 0 && site.Domains.Except(InOrder(site)).ToList() is { Count: > 0 } rest)
        {
            var circle = string.Join(", ", rest.Select(domain => domain.Id));
            errors.Add(new ModelError(
                site.Id, $"has domains that depend on each other in a circle, among {circle}."));
        }

        return errors;
    }

    private static IEnumerable<ModelError> Errors(TopologySite site, TopologyDomain domain, HashSet<string> names)
    {
        var where = $"{site.Id}/{domain.Id}";
        foreach (var name in domain.DependsOn.Where(name => !names.Contains(name)))
        {
            yield return new ModelError(
                where, $"depends on '{name}', which site '{site.Id}' does not declare; declare it there.");
        }

        if (domain.Needs is { } needs && (needs < 1 || needs > domain.DependsOn.Count))
        {
            yield return new ModelError(
                where, $"needs {needs} of {domain.DependsOn.Count} domains; give 1 to the number it depends on.");
        }

        if (domain.FailuresPerYear is { } rate && !(rate > 0 && double.IsFinite(rate)))
        {
            yield return new ModelError(where, $"fails {rate} times a year; give a finite number above 0.");
        }

        if (domain.RepairHours is { } hours && !(hours > 0 && double.IsFinite(hours)))
        {
            yield return new ModelError(where, $"takes {hours} hours to repair; give a finite number above 0.");
        }
    }
}
