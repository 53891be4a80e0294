using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Archives;

namespace Continuity.Cli.Vault;

/// <summary><c>vault export</c>: a snapshot as an archive that needs no repository.</summary>
internal static class ExportCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "latest, an id, or the beginning of an id." };
        var archive = new Argument<string>("archive")
        {
            Description = "The tar.zst file to write, which must not exist; - is standard output.",
        };
        var command = new Command("export", "Write a snapshot as a tar.zst archive.") { snapshot, archive };
        OptionLikeArguments.Refuse(snapshot);
        var chosen = new SnapshotArguments();
        chosen.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var path = arguments.GetRequiredValue(archive);
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var name = await chosen.ResolveAsync(
                opened, arguments, arguments.GetRequiredValue(snapshot), cancellationToken);
            var (bytes, problems) = path == "-"
                ? (0L, await ArchiveOperation.ExportAsync(
                    opened, name, Console.OpenStandardOutput(), cancellationToken))
                : await WriteAsync(session.Output, path, archiveStream => ArchiveOperation.ExportAsync(
                    opened, name, archiveStream, cancellationToken));
            foreach (var problem in problems)
            {
                session.Output.Warn(problem);
            }

            if (path != "-")
            {
                session.Output.Result(
                    new ExportJson(name, path, bytes, problems),
                    CliJson.Default.ExportJson,
                    () => [$"Wrote {path}, {Bytes.Text(bytes)}."]);
            }

            return problems.Count == 0 ? ExitCode.Success : ExitCode.Partial;
        });
        return command;
    }

    // Under a name of its own until it is whole: nobody must take a part of an archive for the archive.
    private static async Task<(long Bytes, IReadOnlyList<string> Problems)> WriteAsync(
        CliOutput output, string path, Func<Stream, Task<IReadOnlyList<string>>> write)
    {
        if (Path.Exists(path))
        {
            throw new UsageException($"'{path}' exists: name a file that doesn't.");
        }

        var part = $"{path}.part";
        try
        {
            await using var file = File.Create(part);
            var problems = await output.Progress.RunAsync(
                "export", () => new Amount(file.Position, null, path), write(file));
            file.Flush(flushToDisk: true);
            File.Move(part, path, overwrite: false);
            return (file.Length, problems);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
