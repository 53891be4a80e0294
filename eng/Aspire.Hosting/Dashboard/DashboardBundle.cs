using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

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
    private const int SetUpAttempts = 4;

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

    // The tool unpacks below its HOME at the same time, and fails when it looks there before that is done.
    private static async Task<string> SetUpAsync(string folder, CancellationToken cancellationToken)
    {
        var aspire = Path.Combine(folder, "package", "bin", "aspire");
        var installed = Path.Combine(folder, "installed");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunAsync(
                    aspire, ["setup", "--install-path", installed, "--non-interactive"], folder, cancellationToken);
                return Path.Combine(Directory.GetDirectories(Path.Combine(installed, "versions")).Single(), "managed");
            }
            catch (IOException) when (attempt < SetUpAttempts)
            {
                // The next attempt finds what this one has unpacked.
            }
        }
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
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";
        if (command != "npm")
        {
            start.Environment["HOME"] = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        }

        using var process = Start(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var reason = lines.LastOrDefault(line => !line.Contains('\e')) ?? "it gave no reason";
            throw new IOException($"{Path.GetFileName(command)} ended with exit code {process.ExitCode}: {reason}.");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)
                ?? throw new IOException($"{start.FileName} did not start.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new IOException($"{start.FileName} is not installed.");
        }
    }
}
