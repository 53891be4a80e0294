using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Infrastructure;

/// <summary>
/// Installs what the model's containers need in their place, saying so first; system services stay off.
/// </summary>
internal sealed class Provisioning(KnownImages images, TextWriter output)
{
    private const string PolicyFile = "/usr/sbin/policy-rc.d";
    private const string ClusterSettings = "/etc/postgresql-common/createcluster.conf";
    private static readonly string[] AptOptions =
        ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"];

    private static readonly Dictionary<string, string> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    public async Task EnsureAsync(IEnumerable<ContainerResource> containers, CancellationToken cancellationToken)
    {
        var missing = containers
            .Select(container => images.ProgramOf(container).Package)
            .OfType<DebianPackage>()
            .Where(package => !package.IsPresent())
            .ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var names = string.Join(' ', missing.Select(package => package.Name));
        if (!Native.IsRoot || ExecutablePath.Find("apt-get") is null)
        {
            throw new DistributedApplicationException(
                $"These programs are missing: {names}. Install them with: sudo apt-get install {names}");
        }

        await output.WriteLineAsync($"Installing with apt-get (no system service is started): {names}");
        await InstallAsync([.. missing.Select(package => package.Name)], cancellationToken);
        if (missing.FirstOrDefault(package => !package.IsPresent()) is { } absent)
        {
            throw new DistributedApplicationException(
                $"Package {absent.Name} is installed, but what it should bring is not there.");
        }
    }

    private static async Task InstallAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        using var policy = new ServicePolicy(PolicyFile);
        if (names.Any(name => name.StartsWith("postgresql", StringComparison.Ordinal)))
        {
            // Debian makes a cluster on port 5432 as soon as the server is unpacked, unless its settings say no first.
            await AptInstallAsync(["postgresql-common"], cancellationToken);
            await File.WriteAllTextAsync(ClusterSettings, "create_main_cluster = false\n", cancellationToken);
        }

        await AptInstallAsync(names, cancellationToken);
        await DisableAtBootAsync(names, cancellationToken);
    }

    private static async Task AptInstallAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var result = await AptAsync(["install", .. AptOptions, .. names], cancellationToken);
        if (result.ExitCode != 0)
        {
            // Fresh machines have empty package lists, old ones stale lists.
            await AptAsync(["update", "-q"], cancellationToken);
            result = await AptAsync(["install", .. AptOptions, .. names], cancellationToken);
        }

        if (result.ExitCode != 0)
        {
            throw new DistributedApplicationException(
                $"apt-get could not install {string.Join(' ', names)}: {LastLine(result.Error)}");
        }
    }

    private static Task<CommandResult> AptAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Shell.RunAsync("apt-get", arguments, Quiet, cancellationToken);

    private static async Task DisableAtBootAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (Directory.Exists("/run/systemd/system"))
        {
            var services = names.Where(name => name.StartsWith("prometheus", StringComparison.Ordinal));
            await Shell.RunAsync("systemctl", ["disable", .. services], environment: null, cancellationToken);
        }
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
            ?? "no reason given";

    /// <summary>
    /// While it lives, installing a package starts no service; a policy of the machine's owner stays.
    /// </summary>
    private sealed class ServicePolicy : IDisposable
    {
        private readonly string? _file;

        public ServicePolicy(string file)
        {
            if (File.Exists(file))
            {
                return;
            }

            File.WriteAllText(file, "#!/bin/sh\nexit 101\n");
            File.SetUnixFileMode(
                file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
            _file = file;
        }

        public void Dispose()
        {
            if (_file is not null)
            {
                File.Delete(_file);
            }
        }
    }
}
