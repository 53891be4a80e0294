using System.Security.Cryptography;
using System.Text;

namespace Continuity.Workers.Tests.Files;

/// <summary>A file, folder or link of a <see cref="FolderTree"/>.</summary>
internal sealed record FolderTreeNode(string Kind, string Content, string Mode, DateTime Modified)
{
    public static FolderTreeNode Read(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target)
        {
            return new FolderTreeNode("link", target, "rwxrwxrwx", info.LastWriteTimeUtc);
        }

        return Directory.Exists(path)
            ? new FolderTreeNode("folder", "", Text(File.GetUnixFileMode(path)), Directory.GetLastWriteTimeUtc(path))
            : new FolderTreeNode(
                "file",
                Convert.ToHexString(File.ReadAllBytes(path)),
                Text(File.GetUnixFileMode(path)),
                info.LastWriteTimeUtc);
    }

    public void Write(string path)
    {
        switch (Kind)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "link":
                File.CreateSymbolicLink(path, Content);
                break;
            default:
                File.WriteAllBytes(path, Convert.FromHexString(Content));
                break;
        }
    }

    public void Stamp(string path)
    {
        if (Kind == "link")
        {
            Workers.Files.Posix.SetModified(path, (Modified - DateTime.UnixEpoch).Ticks * 100);
            return;
        }

        File.SetUnixFileMode(path, Bits(Mode));
        Workers.Files.Posix.SetModified(path, (Modified - DateTime.UnixEpoch).Ticks * 100);
    }

    public override string ToString() =>
        $"{Kind} {Mode} {Modified:O} "
            + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)))[..16]}";

    private static string Text(UnixFileMode mode) =>
        string.Concat("rwxrwxrwx".Select((letter, index) => ((int)mode >> (8 - index) & 1) == 1 ? letter : '-'));

    private static UnixFileMode Bits(string mode) =>
        (UnixFileMode)mode.Aggregate(0, (bits, letter) => (bits << 1) | (letter == '-' ? 0 : 1));
}
