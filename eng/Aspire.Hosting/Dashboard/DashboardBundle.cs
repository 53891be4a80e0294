using System.ComponentModel;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Aspire.Hosting.Infrastructure;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The Aspire dashboard's own program, taken from the npm package of the Aspire command line: fetched once, checked,
/// unpacked, and kept in the user's cache folder.
/// </summary>
internal sealed class DashboardBundle(TextWriter output)
{
    private const string Version = "13.5.4";
    private const string Package = $"@microsoft/aspire-cli-linux-x64@{Version}";
    private const string Sha256 = "e5575a27d8583593e2e245507359ab7868ecb7eaa2e51af765c436c9f9630f00";
    private const string Program = "aspire-managed";

    private static string CacheFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "continuity",
        $"aspire-dashboard-{Version}");

    /// <returns>The program's path; null, after a line that says why, where there can be no dashboard.</returns>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        var program = Path.Combine(CacheFolder, Program);
        if (File.Exists(program))
        {
            return program;
        }

        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            await output.WriteLineAsync("No dashboard: its package is known for Linux on x64 only.");
            return null;
        }

        try
        {
            await output.WriteLineAsync($"Fetching the Aspire dashboard {Version} with npm (122 MB, once) ...");
            await FetchAsync(cancellationToken);
            return program;
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"No dashboard: {exception.Message} The stack runs on without it.");
            return null;
        }
    }

    // All in a folder beside the final one, which appears by one rename: a fetch that died leaves nothing half-done.
    private static async Task FetchAsync(CancellationToken cancellationToken)
    {
        var folder = $"{CacheFolder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(folder);
        try
        {
            await RunAsync(
                "npm", ["pack", Package, "--silent", "--pack-destination", folder], folder, cancellationToken);
            var archive = Directory.GetFiles(folder, "*.tgz").Single();
            await CheckAsync(archive, cancellationToken);
            await UnpackAsync(archive, folder, cancellationToken);

            var managed = await SetUpAsync(folder, cancellationToken);
            if (!Directory.Exists(CacheFolder))
            {
                Directory.Move(managed, CacheFolder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The tool always unpacks below its HOME too, and fails at random when that is another place than the one asked.
    private static async Task<string> SetUpAsync(string folder, CancellationToken cancellationToken)
    {
        var aspire = Path.Combine(folder, "package", "bin", "aspire");
        var installed = Path.Combine(folder, "home", ".aspire");
        await RunAsync(aspire, ["setup", "--install-path", installed, "--non-interactive"], folder, cancellationToken);
        return Path.Combine(Directory.GetDirectories(Path.Combine(installed, "versions")).Single(), "managed");
    }

    private static async Task CheckAsync(string archive, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(archive);
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        if (found != Sha256)
        {
            throw new InvalidDataException($"the SHA-256 of {Package} is {found}, expected {Sha256}.");
        }
    }

    private static async Task UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(archive);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(gzip, folder, overwriteFiles: false, cancellationToken);
    }

    // The tool writes links below HOME and would send telemetry: neither belongs to the user's machine.
    private static async Task RunAsync(
        string command, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true" };
        if (command != "npm")
        {
            environment["HOME"] = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        }

        try
        {
            var result = await Shell.RunAsync(command, arguments, environment, cancellationToken);
            if (result.ExitCode != 0)
            {
                throw new IOException(
                    $"{Path.GetFileName(command)} ended with exit code {result.ExitCode}: {ReasonIn(result.Error)}.");
            }
        }
        catch (Win32Exception)
        {
            throw new IOException($"{command} is not installed.");
        }
    }

    private static string ReasonIn(string error) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => !line.Contains('\e')) ?? "it gave no reason";
}
