using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Continuity.Demo;

/// <summary>The stack that the demo brings up, breaks and stops, by the same command that people use.</summary>
internal sealed class LocalStack(string root, IReadOnlyList<string> settings)
{
    private const string StateSetting = "--State:Path=";

    private string State => Path.GetFullPath(
        settings.LastOrDefault(setting => setting.StartsWith(StateSetting, StringComparison.Ordinal))
            ?[StateSetting.Length..] ?? ".continuity",
        root);

    /// <value>The development key of the administrator.</value>
    public string Key => File.ReadAllText(Path.Combine(State, "keys", "admin-key")).Trim();

    public static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The demo runs in its repository: no folder above it holds Aspire.sln.");
    }

    /// <returns>Whether all came up healthy; why not is printed by the command itself.</returns>
    public async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        var detach = new List<string> { "--detach" };
        detach.AddRange(settings);
        var (exitCode, _) = await RunAsync(detach, isCaptured: false, cancellationToken);
        return exitCode == 0;
    }

    public Task StopAsync() => RunAsync(["stop", .. settings], isCaptured: false, CancellationToken.None);

    public async Task<Uri> AddressOfAsync(string resource, CancellationToken cancellationToken) =>
        new((await FindAsync(resource, cancellationToken)).Endpoints["http"]);

    /// <summary>Kills a resource's process with SIGKILL: it gets no chance to say goodbye.</summary>
    public async Task KillAsync(string resource, CancellationToken cancellationToken)
    {
        var replica = await FindAsync(resource, cancellationToken);
        if (replica.ProcessId is not { } id)
        {
            throw new InvalidOperationException($"{resource} has no process: it is {replica.State}.");
        }

        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is ArgumentException or Win32Exception)
        {
            throw new InvalidOperationException($"{resource} (process {id}) could not be killed.", exception);
        }
    }

    private async Task<Replica> FindAsync(string resource, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await RunAsync(["ps", "--json", .. settings], isCaptured: true, cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException("The stack no longer answers.");
        }

        return JsonSerializer.Deserialize<Replica[]>(output, JsonSerializerOptions.Web)?
            .FirstOrDefault(replica => replica.Resource == resource)
            ?? throw new InvalidOperationException($"The stack has no resource '{resource}'.");
    }

    private async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments, bool isCaptured, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.Combine(root, "run"), arguments) { RedirectStandardOutput = isCaptured };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("./run did not start.");
        var output = isCaptured ? await process.StandardOutput.ReadToEndAsync(cancellationToken) : "";
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output);
    }

    private sealed record Replica(
        string Resource, string State, int? ProcessId, IReadOnlyDictionary<string, string> Endpoints);
}
