using System.Globalization;
using Continuity.Testing.Processes;

namespace Continuity.Testing.Postgres;

/// <summary>PostgreSQL's server programs on this machine.</summary>
internal sealed class PostgresInstallation
{
    private const string Versions = "/usr/lib/postgresql";

    // The server refuses root; Debian's package brings this user.
    private const string ServerUser = "postgres";

    private readonly string _folder;

    private PostgresInstallation(string folder) => _folder = folder;

    /// <value>The user that the server must run as, or null for the current one.</value>
    public static string? User => SystemCalls.IsRoot ? ServerUser : null;

    /// <summary>The newest version installed.</summary>
    public static PostgresInstallation Find()
    {
        var folders = Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [];
        var newest = folders
            .Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")))
            .MaxBy(VersionOf);
        return newest is not null
            ? new PostgresInstallation(newest)
            : throw new InvalidOperationException(
                $"These tests need a real PostgreSQL and {Versions}/*/bin/postgres is not there:"
                + " run ./test, which installs it, or 'apt-get install postgresql'.");
    }

    public string Program(string name) => Path.Combine(_folder, name);

    private static double VersionOf(string folder) =>
        double.TryParse(Path.GetFileName(Path.GetDirectoryName(folder)), CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;
}
