using System.Diagnostics;

namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>The folder with the servers' programs, fetched once by <c>eng/provision-test-stores</c>.</summary>
internal static class TestStores
{
    private static readonly Lazy<Task<string>> Provisioned = new(ProvisionAsync);

    /// <summary>Gets the root of the source tree.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Gets the folder, fetching the programs if they are not there yet.</summary>
    public static Task<string> GetAsync() => Provisioned.Value;

    /// <summary>Creates a folder for one server's data, on the disk of the source tree: a temporary folder in memory
    /// may lack the extended attributes that Swift needs.</summary>
    public static string CreateDataFolder() =>
        Directory.CreateDirectory(
            Path.Combine(Repository, ".continuity", "test-stores", "run", Guid.NewGuid().ToString("N")))
            .FullName;

    private static async Task<string> ProvisionAsync()
    {
        var script = Path.Combine(Repository, "eng", "provision-test-stores");
        using var process = Process.Start(new ProcessStartInfo(script) { RedirectStandardError = true })
            ?? throw new InvalidOperationException($"'{script}' did not start.");
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? Path.Combine(Repository, ".continuity", "test-stores")
            : throw new InvalidOperationException($"'{script}' failed with {process.ExitCode}: {errors}");
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests must run below the repository.");
    }
}
