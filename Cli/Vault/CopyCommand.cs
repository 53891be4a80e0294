using System.CommandLine;
using System.Globalization;
using Continuity.Cli.Output;
using Continuity.Vault.Maintenance;

namespace Continuity.Cli.Vault;

/// <summary><c>vault copy</c>: brings snapshots from another repository.</summary>
internal static class CopyCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var snapshots = new Argument<string[]>("snapshot")
        {
            Description = "The snapshots to copy: latest, ids, or beginnings of ids; all if none is named.",
        };
        var from = new RepositoryChoice("from", isShared: false);
        var command = new Command(
            "copy", "Copy snapshots from another repository (--from-repo) into this one, without encoding them again.")
        {
            snapshots,
        };
        foreach (var option in from.All)
        {
            command.Options.Add(option);
        }

        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var sourceStore = from.OpenStore(arguments);
            await using var targetStore = session.OpenStore();
            var source = await session.OpenRepositoryAsync(from, sourceStore, cancellationToken);
            var target = await session.OpenRepositoryAsync(targetStore, cancellationToken);
            if (source.Id == target.Id)
            {
                throw new UsageException("--repo and --from-repo are the same repository: name two.");
            }

            var latest = new Latest<CopyProgress>();
            var result = await session.Output.Progress.RunAsync(
                "copy",
                () => new Amount(
                    latest.Value.Bytes,
                    null,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{latest.Value.Snapshots} of {latest.Value.TotalSnapshots} snapshots")),
                CopyOperation.RunAsync(
                    source, target, arguments.GetValue(snapshots) ?? [], latest, cancellationToken));
            Print(session.Output, result);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(CliOutput output, CopyResult result) => output.Result(
        new CopyJson(
            [.. result.Snapshots.Select(id => id.ToString())],
            [.. result.Present.Select(id => id.ToString())],
            result.Chunks,
            result.StoredBytes),
        CliJson.Default.CopyJson,
        () =>
        [
            $"Copied {Bytes.Count(result.Snapshots.Count, "snapshot", "snapshots")}: "
                + $"{Bytes.Count(result.Chunks, "new chunk", "new chunks")}, {Bytes.Text(result.StoredBytes)}.",
            .. result.Present.Count > 0
                ? [$"{Bytes.Count(result.Present.Count, "snapshot was", "snapshots were")} there already."]
                : Array.Empty<string>(),
        ]);
}
