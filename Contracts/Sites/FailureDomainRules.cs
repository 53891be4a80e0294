using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.Sites;

/// <summary>What the failure domains of a site must be, checked alike by the API and for configuration.</summary>
internal static class FailureDomainRules
{
    private static readonly RegularExpressionAttribute _name = new(Names.IdPattern);

    /// <summary>Everything that is wrong with them, in sentences that name the domain.</summary>
    public static IEnumerable<string> FindErrors(IReadOnlyList<FailureDomain> domains)
    {
        // What JSON can leave empty against its type.
        if (domains.Any(domain => domain is null or { Name: null } or { Kind: null } or { DependsOn: null }))
        {
            return ["Every domain needs a name; its kind and what it depends on may be left out, but not null."];
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var errors = new List<string>();
        foreach (var domain in domains)
        {
            if (!names.Add(domain.Name))
            {
                errors.Add($"Domain '{domain.Name}' is declared twice; give each its own name.");
            }
        }

        foreach (var domain in domains)
        {
            errors.AddRange(FindErrors(domain, names).Select(reason => $"Domain '{domain.Name}' {reason}"));
        }

        if (errors.Count == 0 && InCircle(domains) is { Length: > 0 } circle)
        {
            errors.Add($"Domains depend on each other in a circle, among {circle}; take one dependency away.");
        }

        return errors;
    }

    private static IEnumerable<string> FindErrors(FailureDomain domain, HashSet<string> names)
    {
        if (domain.Name.Length == 0 || !_name.IsValid(domain.Name))
        {
            yield return $"has a name that does not match {Names.IdPattern}.";
        }

        if (domain.Kind.Length == 0 || !_name.IsValid(domain.Kind))
        {
            yield return $"is of the kind '{domain.Kind}', which does not match {Names.IdPattern}.";
        }

        foreach (var other in domain.DependsOn.Where(other => !names.Contains(other)))
        {
            yield return $"depends on '{other}', which this site does not declare; declare it here.";
        }

        // Who names one twice has no more of them.
        var supply = domain.DependsOn.Distinct().Count();
        if (domain.Needs is { } needs && (needs < 1 || needs > supply))
        {
            yield return $"needs {needs} of {supply} domains; give 1 to the number it depends on.";
        }

        if (domain.FailuresPerYear is { } rate && !(rate is >= 1e-6 and <= 1e6))
        {
            yield return $"fails {rate} times a year; give 0.000001 to 1,000,000.";
        }

        if (domain.RepairHours is { } hours && !(hours is >= 1e-6 and <= 1e6))
        {
            yield return $"takes {hours} hours to repair; give 0.000001 to 1,000,000.";
        }
    }

    // Those are left over that never have all they depend on taken away before them.
    private static string InCircle(IReadOnlyList<FailureDomain> domains)
    {
        var left = domains.ToList();
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var free = left.Where(domain => domain.DependsOn.All(done.Contains)).ToList();
            if (free.Count == 0)
            {
                return string.Join(", ", left.Select(domain => domain.Name));
            }

            done.UnionWith(free.Select(domain => domain.Name));
            left.RemoveAll(domain => done.Contains(domain.Name));
        }
    }
}
