using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Archives;

/// <summary>An entry of a tar archive, whichever of the formats it is written in.</summary>
internal sealed record ArchiveEntry
{
    public required EntryType Type { get; init; }

    /// <summary>The path as it is written: perhaps `./a`, `a/`, or one that leads elsewhere.</summary>
    public required byte[] Path { get; init; }

    /// <summary>A link's target as it is written.</summary>
    public required byte[] Target { get; init; }

    public required FileStat Stat { get; init; }

    public required IReadOnlyList<ExtendedAttribute> Attributes { get; init; }
}
