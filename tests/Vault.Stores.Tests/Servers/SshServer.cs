using System.Diagnostics;
using System.Text.RegularExpressions;
using Continuity.Testing;
using Continuity.Vault.Stores.Sftp;

namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>OpenSSH's sshd as a process of its own: a fresh key, one user, SFTP only.</summary>
public sealed partial class SshServer : StoreServer
{
    // sshd drops privileges to a user of its own, which exists only where it is installed. So it never runs as root.
    private const string PlainUser = "nobody";

    private static readonly bool IsRoot = Environment.UserName == "root";

    /// <summary>Returns settings for an empty folder of the server.</summary>
    public SftpStoreSettings CreateSettings(int port) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        User = IsRoot ? PlainUser : Environment.UserName,
        Folder = $"{Data}/files/{Guid.NewGuid():N}/vault",
        KeyFiles = [Path.Combine(Data, "user")],
        KnownHostsFile = KnownHosts(port),
    };

    private protected override async Task<ServerProcess> StartAsync(string programs)
    {
        var installed = "/usr/sbin/sshd";
        var debian = Path.Combine(programs, "debian");
        var sshd = File.Exists(installed) ? installed : debian + installed;
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(Data, "host"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(Data, "user"));
        File.Copy(Path.Combine(Data, "user.pub"), Path.Combine(Data, "authorized"));
        Directory.CreateDirectory(Path.Combine(Data, "files"));
        await File.WriteAllTextAsync(Path.Combine(Data, "sshd_config"), $"""
            ListenAddress 127.0.0.1:{FreePort.Next()}
            HostKey {Data}/host
            PidFile none
            AuthorizedKeysFile {Data}/authorized
            StrictModes no
            UsePAM yes
            PasswordAuthentication no
            Subsystem sftp internal-sftp
            ForceCommand internal-sftp
            """);
        string[] command = [sshd, "-D", "-e", "-f", Path.Combine(Data, "sshd_config")];
        if (IsRoot)
        {
            await RunAsync("chown", "-R", PlainUser, Data);
            command = ["setpriv", $"--reuid={PlainUser}", "--regid=nogroup", "--clear-groups", "--", .. command];
        }

        // setpriv keeps the environment, but the loader drops the variable for a set-user-id program only: neither is
        // one.
        return await ServerProcess.StartAsync(
            command[0],
            command[1..],
            new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = DebianLibraries.Of(debian) },
            Listening());
    }

    private string KnownHosts(int port)
    {
        var path = Path.Combine(Data, $"known_hosts-{port}");
        if (!File.Exists(path))
        {
            File.WriteAllText(path, $"[127.0.0.1]:{port} {File.ReadAllText(Path.Combine(Data, "host.pub"))}");
        }

        return path;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [GeneratedRegex(@"Server listening on 127\.0\.0\.1 port (\d+)")]
    private static partial Regex Listening();
}
