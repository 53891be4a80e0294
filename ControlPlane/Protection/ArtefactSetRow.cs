using System.Text.Json;
using Continuity.Contracts.ArtefactSets;

namespace Continuity.ControlPlane.Protection;

internal sealed class ArtefactSetRow
{
    public required string Name { get; init; }

    public required string SourceSite { get; set; }

    public required string SourcePath { get; set; }

    /// <summary>A JSON array of <see cref="SitePath"/>.</summary>
    public required string Targets { get; set; }

    public DeletionPolicy Deletions { get; set; }

    public string? ArchivesSite { get; set; }

    public string? ArchivesPath { get; set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static string FormatTargets(IReadOnlyList<SitePath> targets) =>
        JsonSerializer.Serialize(targets, JsonSerializerOptions.Web);

    public static IReadOnlyList<SitePath> ParseTargets(string json) =>
        JsonSerializer.Deserialize<SitePath[]>(json, JsonSerializerOptions.Web) ?? [];

    public ArtefactSet ToArtefactSet() => new()
    {
        Name = Name,
        Source = new SitePath { Site = SourceSite, Path = SourcePath },
        Targets = ParseTargets(Targets),
        Deletions = Deletions,
        Archives = ArchivesSite is null || ArchivesPath is null
            ? null
            : new SitePath { Site = ArchivesSite, Path = ArchivesPath },
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}
