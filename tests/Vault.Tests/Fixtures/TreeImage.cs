using System.Security.Cryptography;
using System.Text;
using Continuity.Vault.Files;

namespace Continuity.Vault.Tests.Fixtures;

/// <summary>A folder tree in words, with content and metadata: two trees are equal if their words are.</summary>
internal static class TreeImage
{
    public static string Of(string root)
    {
        var image = new StringBuilder();
        var links = new Dictionary<ulong, string>();
        using var folder = FolderHandle.Open(root);
        Append(image, folder, [], ".", links);
        return image.ToString();
    }

    private static void Append(
        StringBuilder image, FolderHandle folder, byte[] name, string path, Dictionary<ulong, string> links)
    {
        var stat = folder.Stat(name);
        image.Append(path).Append(' ').Append(stat.Kind).Append(' ')
            .Append(Convert.ToString(stat.Mode, 8)).Append(' ')
            .Append(stat.User).Append(':').Append(stat.Group).Append(' ')
            .Append(stat.Modified);
        foreach (var attribute in ExtendedAttributes.Read(folder, name))
        {
            image.Append(' ').Append(Convert.ToHexString(attribute.Name)).Append('=')
                .Append(Convert.ToHexString(attribute.Value));
        }

        image.Append(Content(folder, name, stat));
        if (stat is { Kind: not FileKind.Folder, Links: > 1 })
        {
            links.TryAdd(stat.Inode, path);
            image.Append(" same as ").Append(links[stat.Inode]);
        }

        image.Append('\n');
        if (stat.Kind != FileKind.Folder)
        {
            return;
        }

        using var child = folder.OpenFolder(name.Length == 0 ? "."u8.ToArray() : name);
        foreach (var entry in child.List())
        {
            Append(image, child, entry, $"{path}/{FilePath.Display(entry)}", links);
        }
    }

    private static string Content(FolderHandle folder, byte[] name, FileStat stat) => stat.Kind switch
    {
        FileKind.SymbolicLink => $" -> {Convert.ToHexString(folder.ReadLink(name))}",
        FileKind.File => $" {stat.Size} {Digest(folder, name)}",
        FileKind.BlockDevice or FileKind.CharacterDevice => $" {stat.NodeDevice:x}",
        _ => "",
    };

    private static string Digest(FolderHandle folder, byte[] name)
    {
        using var stream = new FileStream(folder.OpenFile(name, NativeMethods.ReadOnly), FileAccess.Read);
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
