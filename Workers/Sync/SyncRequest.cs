using Continuity.Contracts.ArtefactSets;
using Continuity.Workers.Fencing;

namespace Continuity.Workers.Sync;

/// <summary>Make one folder equal to another.</summary>
internal sealed record SyncRequest
{
    /// <summary>The folder that counts: absolute.</summary>
    public required string Source { get; init; }

    /// <summary>The copy: absolute; made when it is missing.</summary>
    public required string Target { get; init; }

    /// <summary>The right to write to the copy.</summary>
    public required FencingToken Token { get; init; }

    public required DeletionPolicy Deletions { get; init; }

    public SyncComparison Comparison { get; init; }
}

/// <summary>What a sync did.</summary>
internal sealed record SyncOutcome
{
    public required long FilesExamined { get; init; }

    public required long FilesCopied { get; init; }

    public required long FilesDeleted { get; init; }

    public required long BytesCopied { get; init; }

    /// <summary>Devices, pipes and sockets, which are never copied.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>The <see cref="Files.ContentDigest"/> of the copy.</summary>
    public required string Sha256 { get; init; }
}
