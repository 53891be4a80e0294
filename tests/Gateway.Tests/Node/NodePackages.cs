using System.Diagnostics;
using System.Security.Cryptography;
using Continuity.Testing;

namespace Continuity.Gateway.Tests.Node;

/// <summary>What the tests run with Node, installed once from the lock file beside this one.</summary>
internal static class NodePackages
{
    private static readonly string[] Sources =
        ["package.json", "package-lock.json", ".npmrc", "client.mjs", "mock-llm.yaml"];

    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>The folder that holds the sources above and <c>node_modules</c>.</summary>
    public static Task<string> FolderAsync() => Installed.Value;

    // The folder is named by what it was made from, and is renamed into place when whole: tests of two working trees,
    // or of a tree before and after a change, never see each other's.
    private static async Task<string> InstallAsync()
    {
        var source = Path.Combine(RepositoryLayout.Root, "tests", "Gateway.Tests", "Node");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Sources)
        {
            hash.AppendData(await File.ReadAllBytesAsync(Path.Combine(source, name)));
        }

        var parent = Path.Combine(RepositoryLayout.Root, ".continuity", "test-node");
        var folder = Path.Combine(parent, Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
        if (!Directory.Exists(folder))
        {
            var staging = Directory.CreateDirectory(Path.Combine(parent, Guid.NewGuid().ToString("N"))).FullName;
            foreach (var name in Sources)
            {
                File.Copy(Path.Combine(source, name), Path.Combine(staging, name));
            }

            await RunNpmAsync(staging);
            Directory.Move(staging, folder);
        }

        return folder;
    }

    private static async Task RunNpmAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("npm did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'npm ci' failed with {process.ExitCode} in {folder}: {errors}");
        }
    }
}
