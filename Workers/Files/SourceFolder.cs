using Continuity.Workers.Jobs;

namespace Continuity.Workers.Files;

/// <summary>The folder that a sync or a backup reads.</summary>
internal static class SourceFolder
{
    /// <summary>Lists it, and refuses what cannot be protected as it is.</summary>
    /// <exception cref="JobFailureException">It is missing, or a link in it points out of it.</exception>
    public static FolderListing Scan(string source, CancellationToken cancellationToken)
    {
        Require(source);
        var listing = FolderScanner.Scan(source, cancellationToken);
        // A source that went away in mid-scan looks like one with less in it.
        Require(source);
        foreach (var (path, entry) in listing.Entries)
        {
            if (entry.LinkTarget is { } link)
            {
                LinkGuard.Check(path, link, other => listing.Entries.GetValueOrDefault(other).LinkTarget);
            }
        }

        return listing;
    }

    // A missing source is a failure and never an empty one: read as empty, it would delete every copy.
    private static void Require(string source)
    {
        if (Posix.Inspect(source) is not { Kind: FileKind.Folder })
        {
            throw new JobFailureException(
                FailureCodes.SourceMissing,
                $"The source folder '{source}' does not exist or is no folder. Nothing was changed; create or mount "
                    + "it, or correct the artefact set.");
        }
    }
}
