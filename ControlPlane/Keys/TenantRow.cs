using System.Text.Json;
using Continuity.Contracts.Keys;

namespace Continuity.ControlPlane.Keys;

internal sealed class TenantRow
{
    public required string Name { get; init; }

    /// <summary>A <see cref="TenantLimits"/> as JSON: what older rows lack has its default.</summary>
    public required string Limits { get; set; }

    public static string FormatLimits(TenantLimits limits) =>
        JsonSerializer.Serialize(limits, JsonSerializerOptions.Web);

    public static TenantLimits ParseLimits(string json) =>
        JsonSerializer.Deserialize<TenantLimits>(json, JsonSerializerOptions.Web) ?? new TenantLimits();

    public Tenant ToTenant() => new(ParseLimits(Limits)) { Name = Name };
}
