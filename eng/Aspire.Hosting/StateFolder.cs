using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Everything a stack keeps on disk; one running stack per folder.</summary>
internal sealed class StateFolder(string path)
{
    // sun_path holds 108 bytes with its closing zero.
    private const int MaxSocketPath = 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Path { get; } = path;

    public string Logs => In("logs");

    public string Volumes => In("volumes");

    public string Mounts => In("run/mounts");

    public string LockFile => In("run/lock");

    public string HostLog => In("logs/host.log");

    public string ControlSocket
    {
        get
        {
            var inside = In("run/control.sock");
            if (Encoding.UTF8.GetByteCount(inside) <= MaxSocketPath)
            {
                return inside;
            }

            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)))[..16];
            return System.IO.Path.Combine(
                System.IO.Path.GetTempPath(), $"continuity-{Environment.UserName}-{hash}", "control.sock");
        }
    }

    /// <summary>
    /// Setting <c>State:Path</c>; a relative one, and the default <c>.continuity</c>, is below the repository.
    /// </summary>
    public static StateFolder At(IConfiguration configuration, string appHostDirectory)
    {
        var root = System.IO.Path.GetFullPath("..", appHostDirectory);
        var given = configuration["State:Path"];
        return new StateFolder(
            System.IO.Path.GetFullPath(string.IsNullOrWhiteSpace(given) ? ".continuity" : given, root));
    }

    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path);
            Directory.CreateDirectory(In("run"), OwnerOnly);
            Directory.CreateDirectory(In("keys"), OwnerOnly);
            Directory.CreateDirectory(Logs);
            Directory.CreateDirectory(Volumes);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(ControlSocket)!, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The state folder {Path} cannot be written ({exception.Message}); "
                + "choose another with --State:Path=FOLDER.",
                exception);
        }
    }

    /// <summary>
    /// Empties all folders but the running host's own. They stay themselves: the model mounts some of them.
    /// </summary>
    public void Empty()
    {
        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos().Where(entry => entry.Name != "run"))
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                foreach (var inside in folder.EnumerateFileSystemInfos())
                {
                    Delete(inside);
                }
            }
            else
            {
                entry.Delete();
            }
        }
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo { LinkTarget: null } folder)
        {
            folder.Delete(recursive: true);
        }
        else
        {
            entry.Delete();
        }
    }
}
