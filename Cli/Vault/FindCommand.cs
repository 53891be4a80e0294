using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Snapshots;

namespace Continuity.Cli.Vault;

/// <summary><c>vault find</c>: which snapshots hold a path.</summary>
internal static class FindCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var patterns = new Argument<string[]>("pattern")
        {
            Description = "A path or pattern, such as *.safetensors.", Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("find", "Find paths in all snapshots; with --json, a document a line.") { patterns };
        OptionLikeArguments.Refuse(patterns);
        var chosen = new SnapshotArguments();
        chosen.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            using var browser = await SnapshotBrowser.OpenAsync(opened, cancellationToken);
            var found = false;
            foreach (var match in browser.Find(
                arguments.GetRequiredValue(patterns), snapshot => chosen.Includes(arguments, snapshot)))
            {
                found = true;
                session.Output.Result(
                    new MatchJson(match.Snapshot.Id.ToString(), match.Snapshot.Time, EntryJson.From(match.Entry)),
                    CliJson.Default.MatchJson,
                    () => [$"{match.Snapshot.Id.ToString()[..8]}  {ListCommand.ToLine(match.Entry)}"]);
            }

            return found ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }
}
