using Continuity.Workers.Files;

namespace Continuity.Workers.Backup;

/// <summary>The content digest of archive entries, and the words for their kinds.</summary>
internal static class ArchiveDigest
{
    public const string File = "file";
    public const string Folder = "folder";
    public const string Link = "link";

    public static string KindOf(FileKind kind) => kind switch
    {
        FileKind.Folder => Folder,
        FileKind.Link => Link,
        _ => File,
    };

    public static string Compute(IEnumerable<ArchiveEntry> entries)
    {
        var digest = new ContentDigest();
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case Folder when entry.Path != ".":
                    digest.AddFolder(entry.Path);
                    break;
                case Link:
                    digest.AddLink(entry.Path, entry.Target ?? "");
                    break;
                case File:
                    digest.AddFile(entry.Path, entry.Sha256 ?? "");
                    break;
            }
        }

        return digest.Compute();
    }
}
