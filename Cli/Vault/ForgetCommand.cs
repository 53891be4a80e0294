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
        OptionLikeArguments.Refuse(snapshots);
        var chosen = new SnapshotArguments(withShortHost: false);
        chosen.AddTo(command);
        var group = new Option<string>("--group-by", "-g")
        {
            Description = "What tells sources apart, each of which the rule is applied to: host, paths, tags.",
            DefaultValueFactory = _ => "host,paths",
            HelpName = "list",
        };
        var prune = new Option<bool>("--prune") { Description = "Prune afterwards, if anything was dropped." };
        command.Options.Add(group);
        command.Options.Add(prune);
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
            var scope = ScopeOf(arguments.GetRequiredValue(group)) with
            {
                Includes = snapshot => chosen.Includes(arguments, snapshot),
            };
            var plan = names.Length > 0
                ? await ForgetOperation.PlanAsync(opened, names, cancellationToken)
                : await ForgetOperation.PlanAsync(opened, policy, scope, cancellationToken);
            var isDryRun = arguments.GetValue(dryRun);
            await ExecuteAsync(session.Output, opened, plan, isDryRun, cancellationToken);
            if (arguments.GetValue(prune) && plan.Forgotten.Count > 0 && !isDryRun)
            {
                await PruneCommand.RunAsync(session.Output, opened, new PruneOptions(), cancellationToken);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static ForgetScope ScopeOf(string groups)
    {
        var words = groups.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Except(["host", "paths", "path", "tags", "tag"]).FirstOrDefault() is { } unknown)
        {
            throw new UsageException($"--group-by: '{unknown}' is none of host, paths, tags.");
        }

        return new ForgetScope
        {
            ByHost = words.Contains("host"),
            ByPaths = words.Contains("paths") || words.Contains("path"),
            ByTags = words.Contains("tags") || words.Contains("tag"),
        };
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
                isDryRun ? $"{forgotten} would be dropped." : $"Dropped {forgotten}; prune frees the space.",
            ]);
    }
}
