using System.Globalization;
using Continuity.Testing.Processes;

namespace Continuity.Testing.Postgres;

/// <summary>The data folder of a throw-away server, owned by the user that the server runs as.</summary>
/// <remarks>
/// Its name holds the test process's id: a test process that was killed could not remove its folder, so the next one
/// does.
/// </remarks>
internal sealed class ServerFolder : IDisposable
{
    private const string Prefix = "continuity-postgres-";

    private ServerFolder(string path) => Path = path;

    public string Path { get; }

    public static async Task<ServerFolder> CreateAsync(string? owner)
    {
        RemoveFoldersOfDeadProcesses();
        var path = Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
        var folder = new ServerFolder(path);
        if (owner is not null)
        {
            await using var chown = await ChildProcess.StartAsync(
                new ChildProcessStart("chown") { Arguments = [$"{owner}:{owner}", path] });
            if (await chown.WaitForExitAsync(TimeSpan.FromSeconds(60)) != 0)
            {
                folder.Dispose();
                throw new InvalidOperationException(
                    $"PostgreSQL does not run as root, and {path} could not be given to '{owner}': {chown.Output}");
            }
        }

        return folder;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void RemoveFoldersOfDeadProcesses()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var processId)
                && !Directory.Exists($"/proc/{processId}"))
            {
                TryDelete(folder);
            }
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another test process removes it at this moment, or it is another user's.
        }
    }
}
