using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Backup;

namespace Continuity.Cli.Vault;

/// <summary><c>vault backup</c>: makes a snapshot.</summary>
internal static class BackupCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var sources = new SourceArguments();
        var tags = Many("--tag", "A tag of the snapshot; may be repeated.");
        var host = new Option<string>("--host")
        {
            Description = "The name of the machine, by which the next backup finds this one.",
            DefaultValueFactory = _ => Environment.MachineName,
        };
        var force = new Option<bool>("--force", "-f")
        {
            Description = "Read every file, even if it looks unchanged, and compute every chunk's id.",
        };
        var dryRun = new Option<bool>("--dry-run", "-n")
        {
            Description = "Read, compare and encode everything, say what would be stored, and write nothing.",
        };
        var checkpoints = new CheckpointArguments();
        var hooks = new HookArguments();
        var command = new Command(
            "backup", "Make a snapshot of folders and files.") { tags, host, force, dryRun };
        sources.AddTo(command);
        checkpoints.AddTo(command);
        hooks.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var options = new BackupOptions
            {
                Roots = sources.PathsOf(arguments),
                Tags = arguments.GetValue(tags) ?? [],
                Exclude = sources.ExcludedBy(arguments),
                OneFileSystem = sources.IsOneFileSystem(arguments),
                Host = arguments.GetRequiredValue(host),
                ReadUnchanged = arguments.GetValue(force),
                Checkpoints = checkpoints.PolicyOf(arguments),
                DryRun = arguments.GetValue(dryRun),
            };
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            return await hooks.RunAroundAsync(
                session.Output,
                arguments,
                () => RunAsync(session.Output, opened, options, cancellationToken),
                cancellationToken);
        });
        return command;
    }

    private static async Task<(int ExitCode, string? Snapshot)> RunAsync(
        CliOutput output,
        Continuity.Vault.Repositories.Repository repository,
        BackupOptions options,
        CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var latest = new Latest<BackupProgress>();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Begun when somebody looks for the first time: a backup that nobody watches needs no second walk.
        var sizing = new Lazy<Task<long?>>(
            () => Task.Run(() => SourceSize.Measure(options, stopped.Token), CancellationToken.None));
        BackupResult result;
        try
        {
            result = await output.Progress.RunAsync(
                "backup",
                () => new Amount(
                    latest.Value.Bytes,
                    sizing.Value.IsCompletedSuccessfully ? sizing.Value.Result : null,
                    Bytes.Count(latest.Value.Files, "file", "files")),
                BackupOperation.RunAsync(repository, options, latest, cancellationToken));
        }
        finally
        {
            await stopped.CancelAsync();
            if (sizing.IsValueCreated)
            {
                await sizing.Value;
            }
        }

        var code = Print(output, options, result, TimeProvider.System.GetElapsedTime(started));
        return (code, options.DryRun ? null : result.Snapshot.ToString());
    }

    /// <summary>Prints what a backup did.</summary>
    /// <returns>The exit code that says it.</returns>
    public static int Print(CliOutput output, BackupOptions options, BackupResult result, TimeSpan time)
    {
        var statistics = result.Statistics;
        string[] problems = result.Consistency is "complete" or "unchecked"
            ? [.. result.Unreadable]
            : [.. result.Unreadable, result.Consistency];
        foreach (var sentence in problems)
        {
            output.Warn(sentence);
        }

        output.Result(
            new BackupJson(
                options.DryRun ? null : result.Snapshot.ToString(),
                result.Parent?.ToString(),
                statistics.Files,
                statistics.Folders,
                statistics.FileBytes,
                statistics.NewRawBytes,
                statistics.NewStoredBytes,
                time.TotalSeconds,
                result.Consistency,
                result.Unreadable,
                options.DryRun),
            CliJson.Default.BackupJson,
            () =>
            [
                $"{(options.DryRun ? "Would be" : $"Snapshot {result.Snapshot}")}: "
                    + $"{Bytes.Count(statistics.Files, "file", "files")}, {Bytes.Text(statistics.FileBytes)} in "
                    + $"{Bytes.Time(time)}.",
                $"New: {Bytes.Text(statistics.NewRawBytes)}, stored as {Bytes.Text(statistics.NewStoredBytes)}.",
                .. options.DryRun ? ["Nothing was written."] : Array.Empty<string>(),
            ]);
        return problems.Length == 0 ? ExitCode.Success : ExitCode.Partial;
    }

    private static Option<string[]> Many(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.OneOrMore };
}
