using System.Security.Cryptography;
using System.Text;

namespace Continuity.Workers.Files;

/// <summary>
/// One SHA-256 over the names and contents of a folder: a sync, a backup and a restore of the same content report the
/// same. It covers, in ordinal order of the paths, a line per folder (<c>path/</c>), link (<c>path -> target</c>) and
/// file (<c>path</c>, tab, the file's SHA-256); times and modes are not part of it.
/// </summary>
internal sealed class ContentDigest
{
    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);

    public void AddFolder(string path) => _lines[path] = $"{path}/";

    public void AddLink(string path, string target) => _lines[path] = $"{path} -> {target}";

    public void AddFile(string path, string sha256) => _lines[path] = $"{path}\t{sha256}";

    public string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in _lines.Values)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
