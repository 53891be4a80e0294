using System.Diagnostics;
using System.Text.Json;

namespace Continuity.Cli.Tests.Vault;

/// <summary>What a run of the program printed and returned.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);
}

/// <summary>Runs the real program as a process, with a folder of its own for repository, source and target.</summary>
internal sealed class CliProgram : IDisposable
{
    private static readonly string[] Cleared =
    [
        "CONTINUITY_REPOSITORY", "CONTINUITY_PASSWORD", "CONTINUITY_PASSWORD_FILE", "CONTINUITY_PASSWORD_COMMAND",
        "CONTINUITY_KEY_FILE",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("continuity-cli-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string Repository => this["repository"];

    public void Dispose() => _folder.Delete(recursive: true);

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
    }

    /// <summary>Makes a repository that a key file opens, which takes no time to derive.</summary>
    public async Task InitializeAsync()
    {
        File.WriteAllBytes(this["key"], [.. Enumerable.Range(0, 32).Select(value => (byte)value)]);
        Assert.Equal(0, (await VaultAsync("init")).ExitCode);
    }

    /// <summary>Runs a verb on the repository, with its key file.</summary>
    public Task<CliResult> VaultAsync(params string[] arguments) =>
        RunAsync(
            new Dictionary<string, string>(), ["vault", .. arguments, "--repo", Repository, "--key-file", this["key"]]);

    /// <summary>Runs a verb as a user who may not read everything, root included.</summary>
    public Task<CliResult> VaultWithoutPrivilegesAsync(params string[] arguments) => StartAsync(
        Environment.IsPrivilegedProcess
            ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "dotnet"]
            : ["dotnet"],
        new Dictionary<string, string>(),
        ["vault", .. arguments, "--repo", Repository, "--key-file", this["key"]]);

    public static Task<CliResult> RunAsync(
        IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartAsync(["dotnet"], environment, arguments);

    private static async Task<CliResult> StartAsync(
        string[] runner, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "continuity.dll");
        var start = new ProcessStartInfo(runner[0], [.. runner[1..], program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in Cleared)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CliResult(process.ExitCode, await output, await errors);
    }
}
