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
        var command = new Command(
            "repair",
            "Read all packs; mend them from their parity and the index from the packs; name the files that are lost.");
        VaultSession.SetAction(command, repository, async (session, _, cancellationToken) =>
        {
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
                RepairOperation.RunAsync(opened, latest, cancellationToken));
            Print(session.Output, result);
            return result.Affected.Count == 0 && result.LostSnapshots.Count == 0
                ? ExitCode.Success
                : ExitCode.Damaged;
        });
        return command;
    }

    private static void Print(CliOutput output, RepairResult result)
    {
        foreach (var pack in result.LostPacks)
        {
            output.Warn($"{pack} can't be mended; its sound chunks were moved to other packs.");
        }

        foreach (var snapshot in result.LostSnapshots)
        {
            output.Warn($"{snapshot} is damaged and can't be mended: forget it.");
        }

        AffectedFiles.Name(output, result.Affected);
        output.Result(
            new RepairJson(
                result.MendedPacks,
                result.LostPacks,
                result.ReindexedPacks,
                result.RemovedIndexes,
                result.LostSnapshots,
                result.Affected),
            CliJson.Default.RepairJson,
            () =>
            [
                $"Mended {Bytes.Count(result.MendedPacks.Count, "pack", "packs")} from parity; lost "
                    + $"{Bytes.Count(result.LostPacks.Count, "pack", "packs")}; put "
                    + $"{Bytes.Count(result.ReindexedPacks, "pack", "packs")} back into the index; replaced "
                    + $"{Bytes.Count(result.RemovedIndexes.Count, "index blob", "index blobs")}.",
                result.Affected.Count == 0
                    ? "Every snapshot that can be read can be restored whole."
                    : $"{Bytes.Count(result.Affected.Count, "file", "files")} of snapshots can't be restored whole: "
                        + "see above. A backup of what still exists stores it again.",
            ]);
    }
}
