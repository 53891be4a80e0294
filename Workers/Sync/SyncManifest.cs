using System.Text.Json;
using System.Text.Json.Serialization;
using Continuity.Workers.Files;

namespace Continuity.Workers.Sync;

/// <summary>
/// What earlier syncs copied to a target, with hashes: a file's line is appended once its rename is durable, so a
/// killed worker's successor knows what is done. A lost or torn line costs reading that file once more, never a wrong
/// copy.
/// </summary>
internal sealed class SyncManifest : IDisposable
{
    private readonly string _path;
    private readonly Dictionary<string, ManifestEntry> _entries = new(StringComparer.Ordinal);
    private FileStream? _log;
    private long _lines;

    private SyncManifest(string path) => _path = path;

    public static SyncManifest Load(string target)
    {
        var manifest = new SyncManifest(Path.Join(target, ReservedNames.Folder, "manifest.jsonl"));
        if (File.Exists(manifest._path))
        {
            foreach (var line in File.ReadLines(manifest._path))
            {
                manifest._lines++;
                if (Parse(line) is { } entry)
                {
                    manifest._entries[entry.Path] = entry;
                }
            }
        }

        return manifest;
    }

    public ManifestEntry? Find(string path) => _entries.GetValueOrDefault(path);

    /// <summary>Remembers files whose renames are durable.</summary>
    public void Append(IEnumerable<ManifestEntry> entries)
    {
        if (_log is null)
        {
            _log = new FileStream(_path, FileMode.Append, FileAccess.Write);
            // A line that a killed worker left unfinished must not swallow the next one.
            _log.WriteByte((byte)'\n');
        }

        foreach (var entry in entries)
        {
            _entries[entry.Path] = entry;
            _lines++;
            JsonSerializer.Serialize(_log, entry, ManifestJson.Default.ManifestEntry);
            _log.WriteByte((byte)'\n');
        }

        _log.Flush();
    }

    /// <summary>
    /// Forgets the files that are not listed, and rewrites the file when it holds more than what counts.
    /// </summary>
    public void Compact(Func<string, bool> isKept)
    {
        foreach (var path in _entries.Keys.Where(path => !isKept(path)).ToArray())
        {
            _entries.Remove(path);
        }

        if (_lines == _entries.Count)
        {
            return;
        }

        CloseLog();
        var beside = $"{_path}.new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024))
        {
            foreach (var entry in _entries.Values)
            {
                JsonSerializer.Serialize(stream, entry, ManifestJson.Default.ManifestEntry);
                stream.WriteByte((byte)'\n');
            }

            stream.Flush(flushToDisk: true);
        }

        Posix.Rename(beside, _path);
        _lines = _entries.Count;
    }

    public void Dispose() => CloseLog();

    private void CloseLog()
    {
        _log?.Dispose();
        _log = null;
    }

    private static ManifestEntry? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, ManifestJson.Default.ManifestEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One file as it was copied.</summary>
/// <param name="Path">Relative to the target.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">The source's time of change then, nanoseconds since 1970; the copy has the same.</param>
/// <param name="Sha256">Of the content, in lower-case hexadecimal digits.</param>
/// <param name="IsFresh">
/// It changed so shortly before it was read that its time stamp proves nothing: compare its content next time.
/// </param>
internal sealed record ManifestEntry(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("modified")] long Modified,
    [property: JsonPropertyName("sha256")] string Sha256,
    [property: JsonPropertyName("fresh")] bool IsFresh)
{
    public static ManifestEntry Of(string path, FileVersion version) =>
        new(path, version.Facts.Size, version.Facts.Modified, version.Sha256, version.IsFresh);

    public bool Describes(FileFacts facts) =>
        facts.Kind == FileKind.File && facts.Size == Size && facts.Modified == Modified;
}

[JsonSerializable(typeof(ManifestEntry))]
internal sealed partial class ManifestJson : JsonSerializerContext;
