using System.Globalization;

namespace Continuity.Workers.Backup;

/// <summary>
/// The file name of an archive, <c>20260102T030405Z-(job).tar.zst</c>: in order of time when sorted, and found again
/// by the job whose worker died after the last step but before it could tell.
/// </summary>
internal static class ArchiveName
{
    public const string Extension = ".tar.zst";

    private const string TimePattern = "yyyyMMdd'T'HHmmss'Z'";

    public static string Format(DateTimeOffset time, Guid job) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{time.UtcDateTime.ToString(TimePattern, CultureInfo.InvariantCulture)}-{job:N}{Extension}");

    /// <summary>The record beside an archive.</summary>
    public static string RecordOf(string archive) => archive[..^Extension.Length] + ".json";

    public static string? FindOf(Guid job, string folder) =>
        Directory.EnumerateFiles(folder, $"*-{job:N}{Extension}").Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The newest archive of a folder; <see langword="null"/> when it holds none.</summary>
    public static string? FindLatest(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, $"*{Extension}").Where(IsArchive).Max(StringComparer.Ordinal)
        : null;

    private static bool IsArchive(string path)
    {
        var name = Path.GetFileName(path);
        var hyphen = name.IndexOf('-', StringComparison.Ordinal);
        return hyphen > 0 && DateTime.TryParseExact(
            name[..hyphen], TimePattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
    }
}
