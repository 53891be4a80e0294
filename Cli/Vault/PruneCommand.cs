using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;

namespace Continuity.Cli.Vault;

/// <summary><c>vault prune</c>: frees the space of dropped snapshots, in two phases.</summary>
internal static class PruneCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Say what is unused, and change nothing." };
        var grace = new Option<double>("--grace-hours")
        {
            Description = "How long a pack stays after it was marked, for restores that read it.",
            DefaultValueFactory = _ => 24,
        };
        var minimumUse = new Option<double>("--minimum-use")
        {
            Description = "The share of a pack that must be in use, or its chunks move to a new one.",
            DefaultValueFactory = _ => 0.75,
        };
        var command = new Command("prune", "Mark what no snapshot needs, and delete what was marked and is due.")
        {
            dryRun, grace, minimumUse,
        };
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var options = new PruneOptions
            {
                DryRun = arguments.GetValue(dryRun),
                Grace = TimeSpan.FromHours(InRange(arguments.GetValue(grace), 24 * 365, "--grace-hours")),
                MinimumUse = InRange(arguments.GetValue(minimumUse), 1, "--minimum-use"),
            };
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            await RunAsync(session.Output, opened, options, cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    public static async Task RunAsync(
        CliOutput output, Repository repository, PruneOptions options, CancellationToken cancellationToken)
    {
        var result = await output.Progress.RunAsync(
            "prune",
            () => new Amount(0, null, string.Empty),
            PruneOperation.RunAsync(repository, options, cancellationToken));
        Print(output, options.DryRun, result);
    }

    private static double InRange(double value, double maximum, string option) => value >= 0 && value <= maximum
        ? value
        : throw new UsageException($"{option} must be between 0 and {maximum}.");

    private static void Print(CliOutput output, bool isDryRun, PruneResult result) => output.Result(
        new PruneJson(
            isDryRun,
            result.UsedBytes,
            result.UnusedBytes,
            result.UnusedPacks,
            result.RewrittenPacks,
            result.MarkedPacks,
            result.DeletedPacks,
            result.DeletedBytes,
            result.WaitsFor),
        CliJson.Default.PruneJson,
        () =>
        [
            $"In use: {Bytes.Text(result.UsedBytes)}; unused: {Bytes.Text(result.UnusedBytes)} in "
                + $"{Bytes.Count(result.UnusedPacks, "pack", "packs")} and parts of {result.RewrittenPacks} more.",
            isDryRun
                ? "Nothing was changed."
                : $"Marked {Bytes.Count(result.MarkedPacks, "pack", "packs")}; deleted "
                    + $"{Bytes.Count(result.DeletedPacks, "pack", "packs")}, {Bytes.Text(result.DeletedBytes)}.",
            $"Running backups that deletions wait for: {result.WaitsFor}.",
        ]);
}
