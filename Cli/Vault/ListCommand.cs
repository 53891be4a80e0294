using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Snapshots;

namespace Continuity.Cli.Vault;

/// <summary><c>vault list</c>: the snapshots, or what one of them holds.</summary>
internal static class ListCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var snapshot = new Argument<string?>("snapshot")
        {
            Description = "Show what this snapshot holds: latest, an id, or the beginning of an id.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        OptionLikeArguments.Refuse(snapshot);
        var chosen = new SnapshotArguments();
        var command = new Command("list", "List the snapshots, or the content of one.") { snapshot };
        command.Aliases.Add("snapshots");
        command.Aliases.Add("ls");
        chosen.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            if (arguments.GetValue(snapshot) is { } name)
            {
                using var browser = await SnapshotBrowser.OpenAsync(opened, cancellationToken);
                var meant = await chosen.ResolveAsync(opened, arguments, name, cancellationToken);
                PrintContent(session.Output, browser.List(browser.Find(meant)));
                return ExitCode.Success;
            }

            var damaged = false;
            var snapshots = await opened.ListSnapshotsAsync(
                exception =>
                {
                    damaged = true;
                    session.Output.Warn(exception.Message);
                },
                cancellationToken);
            PrintSnapshots(session.Output, snapshots.Where(found => chosen.Includes(arguments, found)));
            return damaged ? ExitCode.Damaged : ExitCode.Success;
        });
        return command;
    }

    public static SnapshotJson ToJson(SnapshotInfo snapshot) => new(
        snapshot.Id.ToString(),
        snapshot.Time,
        snapshot.Host,
        snapshot.User,
        snapshot.Roots,
        snapshot.Tags,
        snapshot.Statistics.Files,
        snapshot.Statistics.FileBytes,
        snapshot.Statistics.NewStoredBytes,
        snapshot.Statistics.Unreadable,
        snapshot.Consistency,
        snapshot.Parent?.ToString());

    public static string ToLine(SnapshotInfo snapshot) => Printable.Text(
        $"{snapshot.Id.ToString()[..8]}  {snapshot.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {snapshot.Host}  "
        + $"{Bytes.Text(snapshot.Statistics.FileBytes),10}  {string.Join(' ', snapshot.Roots)}"
        + (snapshot.Tags.Count > 0 ? $"  [{string.Join(", ", snapshot.Tags)}]" : string.Empty));

    public static string ToLine(SnapshotEntry entry) => Printable.Text(
        $"{entry.Kind,-16}  {Bytes.Text(entry.Size),10}  {entry.Modified.UtcDateTime:yyyy-MM-dd HH:mm}  "
        + (entry.Path.Length > 0 ? entry.Path : "."));

    private static void PrintSnapshots(CliOutput output, IEnumerable<SnapshotInfo> found)
    {
        var snapshots = found.ToList();
        output.Result(
            [.. snapshots.Select(ToJson)],
            CliJson.Default.IReadOnlyListSnapshotJson,
            () => [.. snapshots.Select(ToLine), Bytes.Count(snapshots.Count, "snapshot", "snapshots")]);
    }

    // Entry by entry: a snapshot may hold millions.
    private static void PrintContent(CliOutput output, IEnumerable<SnapshotEntry> entries)
    {
        foreach (var entry in entries)
        {
            output.Result(
                EntryJson.From(entry),
                CliJson.Default.EntryJson,
                () => [ToLine(entry)]);
        }
    }
}
