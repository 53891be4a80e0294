using System.ComponentModel.DataAnnotations;
using Continuity.Contracts;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Protection;

namespace Continuity.Api.Inventory;

/// <summary>Finds all that is wrong with an inventory at once, each sentence naming its item.</summary>
internal static class InventoryValidator
{
    public static IReadOnlyList<string> FindErrors(InventoryOptions inventory)
    {
        var errors = new List<string>();
        foreach (var site in inventory.Sites)
        {
            var request = site.ToRequest(SiteState.Active);
            CheckName(errors, $"Site '{site.Id}'", site.Id, Names.IdPattern);
            CheckRequest(errors, $"Site '{site.Id}'", request);
            errors.AddRange(request.StorageRoots.Select(SitePaths.WhyInvalidRoot).OfType<string>()
                .Select(reason => $"Site '{site.Id}': {reason}"));
        }

        foreach (var service in inventory.Services)
        {
            CheckName(errors, $"Service '{service.Name}'", service.Name, Names.ServicePattern);
            CheckRequest(errors, $"Service '{service.Name}'", service);
        }

        foreach (var replica in inventory.Replicas)
        {
            CheckName(errors, $"Replica '{replica.Id}'", replica.Id, Names.IdPattern);
            CheckRequest(errors, $"Replica '{replica.Id}'", replica.ToRequest(ReplicaState.Serving));
        }

        CheckUnique(errors, "Site", inventory.Sites.Select(site => site.Id));
        CheckUnique(errors, "Service", inventory.Services.Select(service => service.Name));
        CheckUnique(errors, "Replica", inventory.Replicas.Select(replica => replica.Id));
        return errors;
    }

    private static void CheckName(List<string> errors, string what, string name, string pattern)
    {
        if (name.Length == 0 || !new RegularExpressionAttribute(pattern).IsValid(name))
        {
            errors.Add($"{what}: the name must match {pattern}.");
        }
    }

    private static void CheckRequest(List<string> errors, string what, object request)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(request, new ValidationContext(request), results, validateAllProperties: true);
        errors.AddRange(results.Select(result => $"{what}: {result.ErrorMessage}"));
    }

    private static void CheckUnique(List<string> errors, string kind, IEnumerable<string> names) =>
        errors.AddRange(names.GroupBy(name => name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{kind} '{group.Key}' is declared {group.Count()} times."));
}
