using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Snapshots;

namespace Continuity.Cli.Vault;

/// <summary><c>vault diff</c>: what changed from one snapshot to another.</summary>
internal static class DiffCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var older = new Argument<string>("older") { Description = "An id, or the beginning of an id." };
        var newer = new Argument<string>("newer") { Description = "latest, an id, or the beginning of an id." };
        var command = new Command("diff", "Compare two snapshots; with --json, a document a line.") { older, newer };
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            using var browser = await SnapshotBrowser.OpenAsync(opened, cancellationToken);
            var differences = browser.Compare(
                browser.Find(arguments.GetRequiredValue(older)), browser.Find(arguments.GetRequiredValue(newer)));
            foreach (var difference in differences)
            {
                session.Output.Result(
                    new DifferenceJson(
                        difference.Path,
                        difference.Change.ToString().ToLowerInvariant(),
                        difference.SizeBefore,
                        difference.SizeAfter),
                    CliJson.Default.DifferenceJson,
                    () => [Printable.Text($"{difference.Change.ToString().ToLowerInvariant(),-8}  {difference.Path}")]);
            }

            return ExitCode.Success;
        });
        return command;
    }
}
