using System.Text;
using Continuity.Vault.Files;

namespace Continuity.Vault.Tests.Fixtures;

/// <summary>Makes a folder tree from a seed: all kinds of entries, sizes round every limit, names in no
/// encoding.</summary>
internal sealed class RandomTree(int seed)
{
    private const int MaximumDepth = 4;
    private const int Cases = 12;

    private static readonly int[] Sizes =
        [0, 1, 100, 4095, 4096, 65_536, 262_143, 262_144, 262_145, 524_288, 1 << 20, (2 << 20) + 1, (5 << 20) + 77];

    private readonly Random _random = new(seed);
    private readonly List<string> _files = [];

    /// <summary>How many entries of each kind were made: a property over a tree without them would say
    /// nothing.</summary>
    public Dictionary<string, int> Made { get; } = [];

    public void MakeIn(string root) => MakeFolder(root, 0);

    public static byte[] Content(Random random, int length)
    {
        var content = new byte[length];
        switch (random.Next(4))
        {
            case 0:
                random.NextBytes(content);
                break;
            case 1:
                content.AsSpan().Fill((byte)random.Next(256));
                break;
            case 2:
                for (var i = 0; i + 1 < length; i += 2)
                {
                    BitConverter.TryWriteBytes(content.AsSpan(i), (Half)(random.NextDouble() - 0.5));
                }

                break;
            default:
                var text = Encoding.ASCII.GetBytes($"{{\"step\": {random.Next()}, \"loss\": {random.NextDouble()}}}\n");
                for (var i = 0; i < length; i++)
                {
                    content[i] = text[i % text.Length];
                }

                break;
        }

        return content;
    }

    private void MakeFolder(string path, int depth)
    {
        var cases = CasesOf(depth);
        for (var i = 0; i < cases.Length; i++)
        {
            var name = Path.Combine(path, $"{(char)_random.Next('a', 'z')}{i} {(_random.Next(3) == 0 ? "ü\n" : "")}");
            switch (cases[i])
            {
                case 0 or 1 when depth < MaximumDepth:
                    Count("folder");
                    MakeFolder(Directory.CreateDirectory(name).FullName, depth + 1);
                    break;
                case 2:
                    Count("link");
                    File.CreateSymbolicLink(name, _random.Next(2) == 0 ? "/nowhere at all" : "../a");
                    continue;
                case 3 when _files.Count > 0:
                    Count("hard link");
                    HardLink(_files[_random.Next(_files.Count)], name);
                    continue;
                case 4:
                    Count("sparse");
                    MakeSparse(name);
                    break;
                case 5:
                    Count("raw name");
                    MakeRawName(path, i);
                    continue;
                case 6:
                    Count("fifo");
                    MakeFifo(name);
                    break;
                case 7:
                    Count("raw folder");
                    RawNames.MakeFolderWithFile(path, (byte)('a' + i));
                    continue;
                default:
                    Count("file");
                    File.WriteAllBytes(name, Content(_random, Sizes[_random.Next(Sizes.Length)]));
                    _files.Add(name);
                    break;
            }

            Decorate(name);
        }

        Decorate(path);
    }

    // At the top every kind of entry, and a file first, for a hard link to have one: of trees drawn blindly, eight in
    // a row lack a kind once in 130 times (simulated).
    private int[] CasesOf(int depth)
    {
        if (depth > 0)
        {
            return [.. Enumerable.Range(0, _random.Next(2, 9)).Select(_ => _random.Next(Cases))];
        }

        var cases = Enumerable.Range(0, Cases).ToArray();
        _random.Shuffle(cases);
        return [Cases - 1, .. cases];
    }

    private void Decorate(string path)
    {
        using var parent = FolderHandle.Open(Path.GetDirectoryName(path)!);
        var name = FilePath.FromText(Path.GetFileName(path));
        // The system gives no attributes of users' own to a fifo.
        if (_random.Next(3) == 0 && parent.Stat(name).Kind is (FileKind.File or FileKind.Folder))
        {
            var value = new byte[_random.Next(1, 300)];
            _random.NextBytes(value);
            ExtendedAttributes.Write(parent, name, [new ExtendedAttribute("user.note"u8.ToArray(), value)]);
            Count("attribute");
        }

        if (Environment.IsPrivilegedProcess && _random.Next(3) == 0)
        {
            parent.SetOwner(name, new FileStat { User = (uint)_random.Next(5000), Group = (uint)_random.Next(5000) });
            Count("owner");
        }

        var mode = Directory.Exists(path) ? 0x1C0 | _random.Next(0x40) : 0x100 | _random.Next(0x200);
        parent.SetMode(name, mode);
        parent.SetModified(name, _random.NextInt64(-1_000_000_000_000, 2_000_000_000_000_000_000));
    }

    private void MakeSparse(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var size = _random.Next(1, 40) << 17;
        RandomAccess.SetLength(handle, size + 3);
        RandomAccess.Write(handle, Content(_random, 100_000), _random.Next(size));
    }

    private static void MakeFifo(string path)
    {
        using var parent = FolderHandle.Open(Path.GetDirectoryName(path)!);
        parent.MakeNode(FilePath.FromText(Path.GetFileName(path)), new FileStat { RawMode = 0x1000 | 0x180 });
    }

    private void MakeRawName(string folder, int number)
    {
        using var handle = FolderHandle.Open(folder);
        byte[] name = [0xff, (byte)_random.Next(0x80, 0x100), (byte)('a' + number)];
        using var file = handle.OpenFile(name, NativeMethods.WriteOnly | NativeMethods.Create, 0x180);
        RandomAccess.Write(file, Content(_random, 1000), 0);
    }

    private static void HardLink(string target, string path)
    {
        using var targetFolder = FolderHandle.Open(Path.GetDirectoryName(target)!);
        using var folder = FolderHandle.Open(Path.GetDirectoryName(path)!);
        folder.MakeHardLink(
            targetFolder, FilePath.FromText(Path.GetFileName(target)), FilePath.FromText(Path.GetFileName(path)));
    }

    private void Count(string kind) => Made[kind] = Made.GetValueOrDefault(kind) + 1;
}
