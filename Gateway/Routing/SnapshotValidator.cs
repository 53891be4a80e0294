using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Routing;

/// <summary>
/// Checks a snapshot as a whole and reports all that is wrong at once, each sentence naming its item.
/// </summary>
internal static class SnapshotValidator
{
    private static readonly string[] ReservedPrefixes =
        ["/v1", "/v2", "/api", "/openapi", "/scalar", "/health", "/alive", "/gateway"];

    public static IReadOnlyList<string> Validate(RoutingSnapshot snapshot)
    {
        var errors = new List<string>();
        if (snapshot.Format is < 1 or > RoutingSnapshot.CurrentFormat)
        {
            errors.Add(
                $"Format {snapshot.Format} is unknown; this gateway reads up to {RoutingSnapshot.CurrentFormat}.");
        }

        if (snapshot.Version < 0)
        {
            errors.Add($"Version {snapshot.Version} is negative.");
        }

        CheckSites(snapshot, errors);
        CheckServices(snapshot, errors);
        CheckPrefixes(snapshot, errors);
        CheckTenants(snapshot, errors);
        CheckKeys(snapshot, errors);
        return errors;
    }

    private static void CheckSites(RoutingSnapshot snapshot, List<string> errors)
    {
        CheckUnique("Site", snapshot.Sites.Select(site => site.Id), errors);
        foreach (var site in snapshot.Sites)
        {
            CheckRange($"Site {site.Id}: weight", site.Weight, 0, 1000, errors);
        }
    }

    private static void CheckServices(RoutingSnapshot snapshot, List<string> errors)
    {
        var sites = snapshot.Sites.Select(site => site.Id).ToHashSet(StringComparer.Ordinal);
        CheckUnique("Service", snapshot.Services.Select(service => service.Name), errors);
        CheckUnique(
            "Replica", snapshot.Services.SelectMany(service => service.Replicas).Select(replica => replica.Id), errors);
        foreach (var service in snapshot.Services)
        {
            ServiceSettingsValidator.Check(service, errors);
            foreach (var replica in service.Replicas)
            {
                CheckReplica(service, replica, sites, errors);
            }
        }
    }

    private static void CheckReplica(
        ServiceRoute service, ReplicaRoute replica, HashSet<string> sites, List<string> errors)
    {
        var where = $"Replica {replica.Id} of service {service.Name}";
        if (!sites.Contains(replica.Site))
        {
            errors.Add($"{where}: site {replica.Site} is not in the snapshot.");
        }

        CheckAddress(where, replica.Address, errors);
        if (replica.Address.IsAbsoluteUri && replica.Address.AbsolutePath != "/")
        {
            errors.Add($"{where}: address {replica.Address} has a path; name the host and port only.");
        }

        CheckRange($"{where}: weight", replica.Weight, 0, 1000, errors);
    }

    private static void CheckPrefixes(RoutingSnapshot snapshot, List<string> errors)
    {
        CheckUnique("Prefix route", snapshot.Prefixes.Select(prefix => prefix.Name), errors);
        CheckUnique("Prefix", snapshot.Prefixes.Select(prefix => prefix.Prefix), errors);
        foreach (var route in snapshot.Prefixes)
        {
            var where = $"Prefix route {route.Name}";
            if (route.Prefix.Length < 2 || route.Prefix[0] != '/' || route.Prefix[^1] == '/'
                || route.Prefix.Contains('{'))
            {
                errors.Add(
                    $"{where}: prefix \"{route.Prefix}\" must begin with a slash, not end with one, and hold no "
                        + $"braces.");
            }
            else if (ReservedPrefixes.Any(reserved => IsBelow(route.Prefix, reserved)))
            {
                errors.Add($"{where}: prefix \"{route.Prefix}\" is the gateway's own.");
            }

            if (route.Addresses.Count == 0)
            {
                errors.Add($"{where}: has no address.");
            }

            foreach (var address in route.Addresses)
            {
                CheckAddress(where, address, errors);
            }
        }
    }

    private static void CheckTenants(RoutingSnapshot snapshot, List<string> errors)
    {
        CheckUnique("Tenant", snapshot.Tenants.Select(tenant => tenant.Name), errors);
        foreach (var tenant in snapshot.Tenants)
        {
            var where = $"Tenant {tenant.Name}";
            CheckRange($"{where}: weight", tenant.Weight, 1, 1000, errors);
            if (tenant.RequestsPerMinute < 0 || tenant.RequestsPerDay < 0 || tenant.TokensPerMinute < 0
                || tenant.TokensPerDay < 0 || tenant.MaxConcurrency < 0)
            {
                errors.Add($"{where}: a limit is negative; 0 means no limit.");
            }
        }
    }

    private static void CheckKeys(RoutingSnapshot snapshot, List<string> errors)
    {
        CheckUnique("Key", snapshot.Keys.Select(key => key.Id), errors);
        foreach (var key in snapshot.Keys)
        {
            if (key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigitLower))
            {
                errors.Add($"Key {key.Id}: sha256 must be 64 lower-case hexadecimal digits.");
            }
        }
    }

    private static void CheckAddress(string where, Uri address, List<string> errors)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            errors.Add($"{where}: address {address} is no absolute http or https address.");
        }
    }

    private static void CheckRange(string what, int value, int least, int most, List<string> errors)
    {
        if (value < least || value > most)
        {
            errors.Add($"{what} is {value}; it must be {least} to {most}.");
        }
    }

    private static void CheckUnique(string kind, IEnumerable<string> names, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (string.IsNullOrWhiteSpace(name))
            {
                errors.Add($"{kind} number {seen.Count + 1} has no name.");
            }
            else if (!seen.Add(name))
            {
                errors.Add($"{kind} {name} is in the snapshot twice.");
            }
        }
    }

    private static bool IsBelow(string prefix, string reserved) =>
        prefix.StartsWith(reserved, StringComparison.OrdinalIgnoreCase)
        && (prefix.Length == reserved.Length || prefix[reserved.Length] == '/');
}
