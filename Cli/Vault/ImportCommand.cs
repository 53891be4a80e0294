using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Archives;
using Continuity.Vault.Backup;
using Continuity.Vault.Repositories;

namespace Continuity.Cli.Vault;

/// <summary><c>vault import</c>: a snapshot of what an archive holds.</summary>
internal static class ImportCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var archive = new Argument<string>("archive") { Description = "The tar.zst file; - is standard input." };
        var tags = new Option<string[]>("--tag") { Description = "A tag of the snapshot; may be repeated." };
        var host = new Option<string>("--host")
        {
            Description = "The name of the machine that the snapshot says it is of.",
            DefaultValueFactory = _ => Environment.MachineName,
        };
        var work = new Option<string>("--work")
        {
            Description = "A folder with room for the archive's content, which is unpacked there for a while.",
            DefaultValueFactory = _ => Path.GetTempPath(),
            HelpName = "folder",
        };
        var command = new Command("import", "Make a snapshot of what a tar.zst archive holds.")
        {
            archive, tags, host, work,
        };
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var path = arguments.GetRequiredValue(archive);
            var options = new BackupOptions
            {
                Roots = [path == "-" ? "/dev/stdin" : Path.GetFullPath(path)],
                Tags = arguments.GetValue(tags) ?? [],
                Host = arguments.GetRequiredValue(host),
            };
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            await using var content = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            return await ImportAsync(
                session.Output, opened, content, (arguments.GetRequiredValue(work), options), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ImportAsync(
        CliOutput output, Repository repository, Stream archive, (string Work, BackupOptions Options) how,
        CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var folder = MakeFolder(how.Work);
        try
        {
            var result = await output.Progress.RunAsync(
                "import",
                () => new Amount(archive.CanSeek ? archive.Position : 0, null, string.Empty),
                ArchiveOperation.ImportAsync(repository, archive, folder, how.Options, cancellationToken));
            return BackupCommand.Print(output, how.Options, result, TimeProvider.System.GetElapsedTime(started));
        }
        finally
        {
            ArchiveOperation.RemoveFolder(folder);
        }
    }

    // What is unpacked is the owner's alone until its own permissions are set.
    private static string MakeFolder(string work)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(work);
        var folder = Path.Combine(work, $"continuity-import-{Guid.NewGuid():N}");
        return (OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(folder)
            : Directory.CreateDirectory(folder, OwnerOnly)).FullName;
    }
}
