namespace Continuity.SyncPeers;

/// <summary>Files of one size, of content from a fixed seed that does not compress, a hundred to a folder.</summary>
internal sealed record Corpus(string Name, int Files, int Bytes)
{
    private const int Seed = 20261123;

    public void Write(string folder)
    {
        var random = new Random(Seed);
        var content = new byte[Bytes];
        for (var number = 0; number < Files; number++)
        {
            random.NextBytes(content);
            var path = Path.Join(folder, $"folder{number / 100:000}", $"file{number % 100:00}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }
}
