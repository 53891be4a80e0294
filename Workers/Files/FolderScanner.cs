using System.IO.Enumeration;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Files;

/// <summary>
/// Lists a folder. What vanishes meanwhile is left out; what cannot be read ends the scan, for it is not absent.
/// </summary>
internal static class FolderScanner
{
    private static readonly EnumerationOptions AllNames = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
        BufferSize = 64 * 1024,
    };

    public static FolderListing Scan(string root, CancellationToken cancellationToken)
    {
        var listing = new FolderListing();
        var pending = new Stack<string>([string.Empty]);
        while (pending.TryPop(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var name in NamesIn(root, folder))
            {
                Add(listing, pending, root, folder.Length == 0 ? name : $"{folder}/{name}");
            }
        }

        return listing;
    }

    private static List<string> NamesIn(string root, string folder)
    {
        var path = Path.Join(root, folder);
        try
        {
            return [.. new FileSystemEnumerable<string>(
                path, static (ref FileSystemEntry entry) => entry.FileName.ToString(), AllNames)];
        }
        catch (Exception exception) when (FileErrors.IsMissing(exception) && folder.Length > 0)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Reading(path, exception);
        }
    }

    private static void Add(FolderListing listing, Stack<string> pending, string root, string relative)
    {
        if (relative == ReservedNames.Folder)
        {
            return;
        }

        var path = Path.Join(root, relative);
        if (Posix.Inspect(path) is not { } facts)
        {
            RefuseUnreadableName(path);
            return;
        }

        if (ReservedNames.IsTemporary(Path.GetFileName(relative.AsSpan())))
        {
            listing.Temporaries.Add(relative);
            return;
        }

        switch (facts.Kind)
        {
            case FileKind.Other:
                listing.Skipped.Add(relative);
                listing.Entries[relative] = new FolderEntry(facts);
                break;
            case FileKind.Link when ReadLink(path) is { } target:
                listing.Entries[relative] = new FolderEntry(facts, target);
                break;
            case FileKind.Link:
                break;
            case FileKind.Folder:
                listing.Entries[relative] = new FolderEntry(facts);
                pending.Push(relative);
                break;
            default:
                listing.Entries[relative] = new FolderEntry(facts);
                break;
        }
    }

    // Names are bytes to the kernel and text here. A name that is no UTF-8 comes with replacement characters, under
    // which no file is found: silently leaving it out would lose a file, so it is refused.
    private static void RefuseUnreadableName(string path)
    {
        if (path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new JobFailureException(
                FailureCodes.NameRefused,
                $"The name of '{path}' is not valid UTF-8 (the bytes shown as '\uFFFD'). Rename it, or move it "
                    + $"out of the set.");
        }
    }

    private static string? ReadLink(string path)
    {
        var target = new FileInfo(path).LinkTarget;
        return target is null || !target.Contains('\uFFFD', StringComparison.Ordinal)
            ? target
            : throw new JobFailureException(
                FailureCodes.NameRefused,
                $"The link '{path}' points to a name that is not valid UTF-8. Rename what it points to.");
    }
}
