using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Backup;

namespace Continuity.Cli.Vault;

/// <summary><c>vault backup</c>: makes a snapshot.</summary>
internal static class BackupCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var paths = new Argument<string[]>("path")
        {
            Description = "The folders or files to back up.", Arity = ArgumentArity.OneOrMore,
        };
        var tags = Many("--tag", "A tag of the snapshot; may be repeated.");
        var exclude = Many("--exclude", "A pattern of paths to leave out, with all below them; may be repeated.", "-e");
        var host = new Option<string>("--host")
        {
            Description = "The name of the machine, by which the next backup finds this one.",
            DefaultValueFactory = _ => Environment.MachineName,
        };
        var force = new Option<bool>("--force", "-f") { Description = "Read every file, even if it looks unchanged." };
        var checkpoints = new CheckpointArguments();
        var command = new Command(
            "backup", "Make a snapshot of folders and files.") { paths, tags, exclude, host, force };
        checkpoints.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var options = new BackupOptions
            {
                Roots = arguments.GetRequiredValue(paths),
                Tags = arguments.GetValue(tags) ?? [],
                Exclude = arguments.GetValue(exclude) ?? [],
                Host = arguments.GetRequiredValue(host),
                ReadUnchanged = arguments.GetValue(force),
            };
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var consistency = await checkpoints.CheckAsync(session.Output, arguments, options.Roots, cancellationToken);
            return consistency is null
                ? ExitCode.IncompleteCheckpoint
                : await RunAsync(session.Output, opened, options with { Consistency = consistency }, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CliOutput output,
        Continuity.Vault.Repositories.Repository repository,
        BackupOptions options,
        CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var latest = new Latest<BackupProgress>();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sizing = Task.Run(() => SourceSize.Measure(options.Roots, stopped.Token), CancellationToken.None);
        BackupResult result;
        try
        {
            result = await output.Progress.RunAsync(
                "backup",
                () => new Amount(
                    latest.Value.Bytes,
                    sizing.IsCompletedSuccessfully ? sizing.Result : null,
                    Bytes.Count(latest.Value.Files, "file", "files")),
                BackupOperation.RunAsync(repository, options, latest, cancellationToken));
        }
        finally
        {
            await stopped.CancelAsync();
            await sizing;
        }

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        foreach (var sentence in result.Unreadable)
        {
            output.Warn(sentence);
        }

        Print(output, options, result, seconds);
        return result.Unreadable.Count == 0 ? ExitCode.Success : ExitCode.Partial;
    }

    private static void Print(CliOutput output, BackupOptions options, BackupResult result, double seconds)
    {
        var statistics = result.Statistics;
        output.Result(
            new BackupJson(
                result.Snapshot.ToString(),
                result.Parent?.ToString(),
                statistics.Files,
                statistics.Folders,
                statistics.FileBytes,
                statistics.NewRawBytes,
                statistics.NewStoredBytes,
                seconds,
                options.Consistency,
                result.Unreadable),
            CliJson.Default.BackupJson,
            () =>
            [
                $"Snapshot {result.Snapshot}: {Bytes.Count(statistics.Files, "file", "files")}, "
                    + $"{Bytes.Text(statistics.FileBytes)} in {Bytes.Time(TimeSpan.FromSeconds(seconds))}.",
                $"New: {Bytes.Text(statistics.NewRawBytes)}, stored as {Bytes.Text(statistics.NewStoredBytes)}.",
            ]);
    }

    private static Option<string[]> Many(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.OneOrMore };
}
