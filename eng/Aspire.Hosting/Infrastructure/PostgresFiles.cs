using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Infrastructure;

/// <summary>Where PostgreSQL's programs and data are, and as whom they run.</summary>
internal sealed class PostgresFiles(StateFolder state)
{
    public const string ServerUser = "postgres";

    private const string Installed = "/usr/lib/postgresql";
    private const string SharedRoot = "/var/lib/continuity";

    public static string? Programs => !Directory.Exists(Installed)
        ? null
        : Directory.EnumerateDirectories(Installed)
            .Select(folder => (Path: Path.Combine(folder, "bin"), Version: Number(Path.GetFileName(folder))))
            .Where(version => File.Exists(Path.Combine(version.Path, "initdb")))
            .OrderByDescending(version => version.Version)
            .Select(version => version.Path)
            .FirstOrDefault();

    /// <summary>
    /// The data folder: below the state folder, unless the server's own user cannot get there (the server refuses to
    /// run as root, and a state folder below a private home is closed to it).
    /// </summary>
    public string DataFolder(PostgresServerResource server)
    {
        var volume = server.Annotations.OfType<ContainerMountAnnotation>().FirstOrDefault()?.Source ?? server.Name;
        return Path.Combine(IsOutside ? OutsideFolder : state.Volumes, volume, "data");
    }

    public bool IsOutside => Native.IsRoot && !IsOpenToAll(state.Path);

    /// <summary>Where the data is instead, when it cannot be below the state folder.</summary>
    public string OutsideFolder => Path.Combine(
        SharedRoot, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.Path)))[..16]);

    public void DeleteOutsideFolder()
    {
        if (Native.IsRoot && Directory.Exists(OutsideFolder))
        {
            Directory.Delete(OutsideFolder, recursive: true);
        }
    }

    /// <summary>
    /// As root: the words before a command that make it the server user's. They exec, so the id stays.
    /// </summary>
    public static IReadOnlyList<string> AsServerUser => Native.IsRoot
        ? ["setpriv", $"--reuid={ServerUser}", $"--regid={ServerUser}", "--clear-groups", "--no-new-privs", "--"]
        : [];

    /// <summary>
    /// A file of a server that ended badly stops the next start only if its process id meanwhile belongs to another
    /// process of the same user; the server can't tell, its command line can.
    /// </summary>
    public static void RemoveStalePidFile(string dataFolder)
    {
        if (RunningServer(dataFolder) is null)
        {
            File.Delete(PidFile(dataFolder));
        }
    }

    /// <summary>The process that serves the folder, by the file that it keeps there and by its command line.</summary>
    public static int? RunningServer(string dataFolder)
    {
        var file = PidFile(dataFolder);
        return File.Exists(file)
            && int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var process)
            && ProcessTree.CommandLine(process).Contains(dataFolder, StringComparer.Ordinal)
                ? process
                : null;
    }

    /// <summary>
    /// What the folder's server started: it works there, under a title in place of its server's command line.
    /// </summary>
    public static IEnumerable<int> ServersChildren(string dataFolder) => ProcessTree.InFolder(dataFolder).Where(id =>
        ProcessTree.CommandLine(id) is [var title, ..] words
        && (title.StartsWith("postgres: ", StringComparison.Ordinal)
            || words.Contains(dataFolder, StringComparer.Ordinal)));

    private static string PidFile(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    private static bool IsOpenToAll(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    private static int Number(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
