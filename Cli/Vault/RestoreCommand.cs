using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Restore;

namespace Continuity.Cli.Vault;

/// <summary><c>vault restore</c>: brings a snapshot back.</summary>
internal static class RestoreCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "latest, an id, or the beginning of an id." };
        var target = new Option<string>("--target", "-t")
        {
            Description = "The folder that gets the snapshot's tree.", Required = true, HelpName = "folder",
        };
        var include = new Option<string[]>(
            "--include", "-i") { Description = "A path or pattern to restore; may be repeated." };
        var exclude = new Option<string[]>(
            "--exclude", "-e") { Description = "A pattern to leave out; may be repeated." };
        var atomic = new Option<bool>("--atomic")
        {
            Description = "Restore beside the target and swap it in when all is there and checked: never half a model.",
        };
        var command = new Command("restore", "Bring a snapshot, or a part of it, back to a folder.")
        {
            snapshot, target, include, exclude, atomic,
        };
        OptionLikeArguments.Refuse(snapshot);
        var chosen = new SnapshotArguments();
        chosen.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var options = new RestoreOptions
            {
                Target = arguments.GetRequiredValue(target),
                Include = arguments.GetValue(include) ?? [],
                Exclude = arguments.GetValue(exclude) ?? [],
                Atomic = arguments.GetValue(atomic),
            };
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var name = await chosen.ResolveAsync(
                opened, arguments, arguments.GetRequiredValue(snapshot), cancellationToken);
            var started = TimeProvider.System.GetTimestamp();
            var latest = new Latest<RestoreProgress>();
            var result = await session.Output.Progress.RunAsync(
                "restore",
                () => new Amount(
                    latest.Value.Bytes, latest.Value.TotalBytes, Bytes.Count(latest.Value.Files, "file", "files")),
                RestoreOperation.RunAsync(opened, name, options, latest, cancellationToken));
            Print(session.Output, options, result, TimeProvider.System.GetElapsedTime(started));
            return result.Problems.Count == 0 ? ExitCode.Success : ExitCode.Partial;
        });
        return command;
    }

    private static void Print(CliOutput output, RestoreOptions options, RestoreResult result, TimeSpan time)
    {
        foreach (var problem in result.Problems)
        {
            output.Warn(problem);
        }

        var unchanged = options.Atomic && result.Problems.Count > 0 ? " The target is as it was." : string.Empty;
        output.Result(
            new RestoreJson(
                options.Target, result.Files, result.Bytes, result.WrittenBytes, time.TotalSeconds, result.Problems),
            CliJson.Default.RestoreJson,
            () =>
            [
                $"Restored {Bytes.Count(result.Files, "file", "files")}, {Bytes.Text(result.Bytes)} in "
                    + $"{Bytes.Time(time)}; {Bytes.Text(result.WrittenBytes)} had to be written.{unchanged}",
            ]);
    }
}
