using CsCheck;

namespace Continuity.Workers.Tests.Files;

/// <summary>A small folder as a value: made by a generator, written to a disk, read back, compared.</summary>
internal sealed class FolderTree
{
    private const string AnyMode = "rw-r--r--";

    private readonly SortedDictionary<string, FolderTreeNode> _nodes = new(StringComparer.Ordinal);

    public int Count => _nodes.Count;

    private static readonly string[] _names =
    [
        "a", "b", "c", "with space", " lead", "trail ", "new\nline", "back\\slash", "-rf", "~", ".hidden",
        "*", "%2e%2e", "ü", "日本",
        "🙂", "a:b", "\t", "'quote\"", new string('n', 255),
    ];

    /// <summary>Trees with names that break careless code, up to three levels deep; never empty.</summary>
    public static Gen<FolderTree> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Int[0, _names.Length - 1].Select(index => _names[index]).Array[1, 3],
        CsCheck.Gen.Int[0, 9],
        CsCheck.Gen.Byte.Array[0, 3000],
        CsCheck.Gen.Int[0, 1_000_000_000])
        .Array[1, 12]
        .Select(Build);

    public static FolderTree Read(string root)
    {
        var tree = new FolderTree();
        tree.ReadBelow(root, "");
        return tree;
    }

    public void Write(string root)
    {
        Directory.CreateDirectory(root);
        foreach (var (path, node) in _nodes)
        {
            node.Write(Path.Join(root, path));
        }

        // Times last, children first: writing into a folder changes its own.
        foreach (var (path, node) in _nodes.Reverse())
        {
            node.Stamp(Path.Join(root, path));
        }
    }

    public override string ToString() => string.Join("\n", _nodes.Select(pair => $"{pair.Key}: {pair.Value}"));

    private static FolderTree Build((string[] Path, int Kind, byte[] Content, int Time)[] items)
    {
        var tree = new FolderTree();
        foreach (var (path, kind, content, time) in items)
        {
            var modified = DateTime.UnixEpoch.AddSeconds(time);
            for (var depth = 1; depth < path.Length; depth++)
            {
                var folder = string.Join('/', path[..depth]);
                if (tree._nodes.TryGetValue(folder, out var existing) && existing.Kind != "folder")
                {
                    break;
                }

                tree._nodes[folder] = new FolderTreeNode("folder", "", "rwxr-xr-x", modified);
            }

            tree.Add(string.Join('/', path), kind, content, modified);
        }

        return tree;
    }

    private void ReadBelow(string root, string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Join(root, folder), "*", new EnumerationOptions
        {
            AttributesToSkip = 0,
        }))
        {
            var relative = Path.GetRelativePath(root, path);
            if (relative == ".continuity")
            {
                continue;
            }

            var node = FolderTreeNode.Read(path);
            _nodes[relative] = node;
            if (node.Kind == "folder")
            {
                ReadBelow(root, relative);
            }
        }
    }

    private void Add(string path, int kind, byte[] content, DateTime modified)
    {
        var parent = Path.GetDirectoryName(path)!;
        var isTaken = _nodes.TryGetValue(path, out var existing) && existing.Kind == "folder";
        if (isTaken || (parent.Length > 0 && (!_nodes.TryGetValue(parent, out var above) || above.Kind != "folder")))
        {
            return;
        }

        _nodes[path] = kind switch
        {
            0 => new FolderTreeNode("folder", "", "rwxr-x---", modified),
            1 => new FolderTreeNode("link", "a", "rwxrwxrwx", modified),
            2 => new FolderTreeNode("file", Convert.ToHexString(content), "r-x------", modified),
            _ => new FolderTreeNode("file", Convert.ToHexString(content), AnyMode, modified),
        };
    }
}
