using System.CommandLine;
using System.Globalization;
using Continuity.Cli.Output;
using Continuity.Vault.Maintenance;

namespace Continuity.Cli.Vault;

/// <summary><c>vault repair</c>: mends what can be mended, and says what the rest costs.</summary>
internal static class RepairCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var dryRun = new Option<bool>("--dry-run", "-n")
        {
            Description = "Say what would be mended and what is lost, and change nothing.",
        };
        var command = new Command(
            "repair",
            "Read all packs; mend them from their parity and the index from the packs; name the files that are lost.")
        {
            dryRun,
        };
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var isDryRun = arguments.GetValue(dryRun);
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var latest = new Latest<VerifyProgress>();
            var result = await session.Output.Progress.RunAsync(
                "repair",
                () => new Amount(
                    latest.Value.Bytes,
                    null,
                    string.Create(
                        CultureInfo.InvariantCulture, $"{latest.Value.Packs} of {latest.Value.TotalPacks} packs")),
                isDryRun
                    ? RepairOperation.TryOutAsync(opened, latest, cancellationToken)
                    : RepairOperation.RunAsync(opened, latest, cancellationToken));
            Print(session.Output, isDryRun, result);
            return result.Affected.Count == 0 && result.LostSnapshots.Count == 0
                ? ExitCode.Success
                : ExitCode.Damaged;
        });
        return command;
    }

    private static void Print(CliOutput output, bool isDryRun, RepairResult result)
    {
        foreach (var pack in result.LostPacks)
        {
            output.Warn($"{pack} can't be mended; its sound chunks {(isDryRun ? "would move" : "were moved")} to other "
                + "packs.");
        }

        foreach (var snapshot in result.LostSnapshots)
        {
            output.Warn($"{snapshot} is damaged and can't be mended: forget it.");
        }

        AffectedFiles.Name(output, result.Affected);
        output.Result(
            new RepairJson(
                isDryRun,
                result.MendedPacks,
                result.LostPacks,
                result.ReindexedPacks,
                result.RemovedIndexes,
                result.LostSnapshots,
                result.Affected),
            CliJson.Default.RepairJson,
            () => Text(isDryRun, result));
    }

    private static IEnumerable<string> Text(bool isDryRun, RepairResult result)
    {
        var mended = Bytes.Count(result.MendedPacks.Count, "pack", "packs");
        var lost = Bytes.Count(result.LostPacks.Count, "pack", "packs");
        var indexed = Bytes.Count(result.ReindexedPacks, "pack", "packs");
        var replaced = Bytes.Count(result.RemovedIndexes.Count, "index blob", "index blobs");
        yield return isDryRun
            ? $"A repair would mend {mended} from parity, put {indexed} back into the index and replace {replaced}; "
                + $"{lost} would be lost. Nothing was changed."
            : $"Mended {mended} from parity; lost {lost}; put {indexed} back into the index; replaced {replaced}.";
        yield return (isDryRun, result.Affected.Count) switch
        {
            (false, 0) => "Every snapshot that can be read can be restored whole.",
            (true, 0) => "After it, every snapshot that can be read could be restored whole.",
            (_, var files) => $"{Bytes.Count(files, "file", "files")} of snapshots can't be restored whole"
                + $"{(isDryRun ? ", with a repair or without" : "")}: see above. A backup of what still exists "
                + "stores it again.",
        };
    }
}
