using System.Diagnostics;
using Xunit.v3;

namespace Continuity.Testing;

/// <summary>
/// A file system of the test's own, unmounted on disposal. Only root may make one: others skip, and say so.
/// </summary>
public sealed class Mount : IDisposable
{
    private readonly string _folder;

    private Mount(string folder) => _folder = folder;

    /// <summary>A disk of so many bytes.</summary>
    public static Mount Small(string folder, int bytes)
    {
        Directory.CreateDirectory(folder);
        return Make(folder, "-t", "tmpfs", "-o", $"size={bytes}", "none", folder);
    }

    /// <summary>The folder itself, read-only.</summary>
    public static Mount ReadOnly(string folder)
    {
        var mount = Make(folder, "--bind", folder, folder);
        Run("mount", "-o", "remount,ro,bind", folder);
        return mount;
    }

    public void Dispose() => Run("umount", "--lazy", _folder);

    // The token is how a library without assertions tells the runner to skip.
    private static Mount Make(string folder, params string[] arguments) => Run("mount", arguments)
        ? new Mount(folder)
        : throw new InvalidOperationException(
            $"{DynamicSkipToken.Value}Mounting a small file system needs root; CI has it.");

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} could not be started.");
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
