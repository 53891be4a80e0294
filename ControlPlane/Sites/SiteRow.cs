using System.Text.Json;
using Continuity.Contracts.Sites;

namespace Continuity.ControlPlane.Sites;

internal sealed class SiteRow
{
    public required string Id { get; init; }

    public SiteState State { get; set; }

    public int Priority { get; set; }

    public int Weight { get; set; }

    public string[] StorageRoots { get; set; } = [];

    /// <summary>A JSON array of <see cref="FailureDomain"/>.</summary>
    public string Domains { get; set; } = "[]";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public Site ToSite() => new()
    {
        Id = Id,
        State = State,
        Priority = Priority,
        Weight = Weight,
        StorageRoots = StorageRoots,
        Domains = JsonSerializer.Deserialize<FailureDomain[]>(Domains, JsonSerializerOptions.Web) ?? [],
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}
