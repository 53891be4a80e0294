using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Infrastructure;

/// <summary>
/// Installs what the model's containers need in their place, saying so first; system services stay off.
/// </summary>
internal sealed class Provisioning(KnownImages images, TextWriter output)
{
    private const string Script = "install-packages";

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
        await InstallAsync(names, cancellationToken);
        if (missing.FirstOrDefault(package => !package.IsPresent()) is { } absent)
        {
            throw new DistributedApplicationException(
                $"Package {absent.Name} is installed, but what it should bring is not there.");
        }
    }

    private static async Task InstallAsync(string names, CancellationToken cancellationToken)
    {
        using var script = new StreamReader(typeof(Provisioning).Assembly.GetManifestResourceStream(Script)!);
        var text = await script.ReadToEndAsync(cancellationToken);
        var result = await Shell.RunAsync(
            "bash", ["-c", text, Script, .. names.Split(' ')], environment: null, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new DistributedApplicationException($"apt-get could not install {names}: {LastLine(result.Error)}");
        }
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
            ?? "no reason given";
}
