using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;

namespace Continuity.Cli.Vault;

/// <summary><c>vault forget</c>: drops snapshots, named or by a rule of retention.</summary>
internal static class ForgetCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var snapshots = new Argument<string[]>("snapshot") { Description = "Ids to drop, in place of a rule." };
        var dryRun = new Option<bool>(
            "--dry-run", "-n") { Description = "Say what would be dropped, and drop nothing." };
        var keep = new RetentionArguments();
        var command = new Command("forget", "Drop snapshots; prune then frees the space.") { snapshots, dryRun };
        keep.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var names = arguments.GetValue(snapshots) ?? [];
            var policy = keep.PolicyOf(arguments);
            if (names.Length > 0 == policy.KeepsAnything)
            {
                throw new UsageException("Name snapshots to drop, or say by --keep-... what to keep; one of the two.");
            }

            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var plan = names.Length > 0
                ? await ForgetOperation.PlanAsync(opened, names, cancellationToken)
                : await ForgetOperation.PlanAsync(opened, policy, cancellationToken);
            await ExecuteAsync(session.Output, opened, plan, arguments.GetValue(dryRun), cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task ExecuteAsync(
        CliOutput output, Repository repository, ForgetPlan plan, bool isDryRun, CancellationToken cancellationToken)
    {
        if (!isDryRun)
        {
            await ForgetOperation.ExecuteAsync(repository, plan, cancellationToken);
        }

        var forgotten = Bytes.Count(plan.Forgotten.Count, "snapshot", "snapshots");
        output.Result(
            new ForgetJson(
                isDryRun, [.. plan.Kept.Select(ListCommand.ToJson)], [.. plan.Forgotten.Select(ListCommand.ToJson)]),
            CliJson.Default.ForgetJson,
            () =>
            [
                .. plan.Kept.Select(snapshot => $"keep  {ListCommand.ToLine(snapshot)}"),
                .. plan.Forgotten.Select(snapshot => $"drop  {ListCommand.ToLine(snapshot)}"),
                isDryRun ? $"{forgotten} would be dropped." : $"Dropped {forgotten}; prune frees their space.",
            ]);
    }
}
