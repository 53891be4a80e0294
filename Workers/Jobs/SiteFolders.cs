using Continuity.Contracts.ArtefactSets;
using Continuity.ControlPlane.Protection;
using Continuity.ControlPlane.Sites;
using Continuity.Workers.Files;

namespace Continuity.Workers.Jobs;

/// <summary>
/// Where the folders of artefact sets are on this machine: below the storage roots of their sites, and nowhere else.
/// </summary>
internal sealed class SiteFolders(SiteStore sites)
{
    public async Task<string> ResolveAsync(SitePath path, CancellationToken cancellationToken)
    {
        var (folder, root) = await LocateAsync(path, cancellationToken);
        RefuseLinksOut(folder, root);
        return folder;
    }

    /// <summary>For a folder that will be written, and may have to be made.</summary>
    public async Task<string> ResolveToWriteAsync(SitePath path, CancellationToken cancellationToken)
    {
        var (folder, root) = await LocateAsync(path, cancellationToken);
        if (!Directory.Exists(root))
        {
            // Making it would write to whatever disk lies under the place where the site's storage should be mounted.
            throw new JobFailureException(
                FailureCodes.TargetNotWritable,
                $"The storage root '{root}' of site '{path.Site}' does not exist on this machine. Create or mount it.");
        }

        RefuseLinksOut(folder, root);
        return folder;
    }

    private async Task<(string Folder, string Root)> LocateAsync(SitePath path, CancellationToken cancellationToken)
    {
        var site = await sites.FindAsync(path.Site, cancellationToken) ?? throw new JobFailureException(
            FailureCodes.NotConfigured,
            $"Site '{path.Site}' is not declared. Declare it, or correct the artefact set.");
        if (SitePaths.WhyInvalid(path, site.StorageRoots) is { } reason)
        {
            throw new JobFailureException(FailureCodes.PathRefused, reason);
        }

        var folder = SitePaths.Resolve(path, site.StorageRoots);
        var root = site.StorageRoots
            .Select(candidate => candidate.TrimEnd('/'))
            .First(candidate => folder == candidate || folder.StartsWith(candidate + '/', StringComparison.Ordinal));
        return (folder, root);
    }

    // The rules about the text of a path hold already; these are about what stands on the disk under its names.
    private static void RefuseLinksOut(string folder, string root)
    {
        var relative = Path.GetRelativePath(root, folder);
        if (relative != ".")
        {
            LinkGuard.Check("storage root", relative, path => new FileInfo(Path.Join(root, path)).LinkTarget);
        }
    }
}
