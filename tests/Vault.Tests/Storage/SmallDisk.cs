using System.Diagnostics;

namespace Continuity.Vault.Tests.Storage;

/// <summary>A tmpfs of a few megabytes: a disk that fills up quickly.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <summary>Mounts it at a new folder, or returns null where this process may not.</summary>
    public static SmallDisk? TryMount(string path, int bytes)
    {
        Directory.CreateDirectory(path);
        return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "none", path)
            ? new SmallDisk(path)
            : null;
    }

    public void Dispose()
    {
        Run("umount", _path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
            using var process = Process.Start(start)
                ?? throw new InvalidOperationException($"'{program}' did not start.");
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
