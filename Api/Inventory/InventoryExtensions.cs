using Continuity.ControlPlane.Keys;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Continuity.Api.Inventory;

internal static class InventoryExtensions
{
    private const string AdminKey = "Bootstrap:AdminKey";

    /// <summary>
    /// Reads the inventory now, so that a mistake in it stops the process with a sentence, and applies it later.
    /// </summary>
    public static void AddInventory(this WebApplicationBuilder builder)
    {
        var key = builder.Configuration[AdminKey];
        if (!string.IsNullOrEmpty(key) && !KeyFormat.IsWellFormed(key))
        {
            throw new InvalidOperationException(
                $"{AdminKey} must look like ck_<id>_<secret>, with at most 256 characters.");
        }

        var inventory = ConfigurationJson.Read<InventoryOptions>(
            builder.Configuration.GetSection(InventoryOptions.Section));
        if (InventoryValidator.FindErrors(inventory) is { Count: > 0 } errors)
        {
            throw new InvalidOperationException(
                $"Configuration section {InventoryOptions.Section} cannot be used: {string.Join(" ", errors)}");
        }

        var settings = new InventorySettings(inventory, string.IsNullOrEmpty(key) ? null : key);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<InventoryStores>();
        builder.Services.AddHostedService<InventoryWorker>();
        builder.Services.AddHealthChecks().AddCheck(
            "inventory",
            () => settings.IsApplied
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("Waits for the database to apply what configuration declares."));
    }
}

/// <summary>What configuration declares, and whether the database has it yet.</summary>
internal sealed class InventorySettings(InventoryOptions inventory, string? adminKey)
{
    private volatile bool _isApplied;

    public InventoryOptions Inventory { get; } = inventory;

    public string? AdminKey { get; } = adminKey;

    public bool IsApplied => _isApplied;

    public void MarkApplied() => _isApplied = true;
}
