using System.CommandLine;
using System.Globalization;
using Continuity.Cli.Output;
using Continuity.Vault.Maintenance;

namespace Continuity.Cli.Vault;

/// <summary><c>vault verify</c>: checks that every snapshot can be restored.</summary>
internal static class VerifyCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var data = new Option<bool>("--read-data") { Description = "Read and check every chunk of every pack." };
        var part = new Option<string>("--read-data-subset")
        {
            Description = "Read one part of the packs, such as 3/30: a part a day covers everything in 30 days.",
            HelpName = "n/t",
        };
        var days = new Option<int>("--read-data-in-days")
        {
            Description = "Read today's part of the packs: run every day, it has read everything after this many days.",
            HelpName = "days",
        };
        var ids = new Option<bool>("--recompute-ids")
        {
            Description = "Compute the id of every chunk that is read, not only its checksum. Reads all, or the part.",
        };
        var command = new Command(
            "verify", "Check that every snapshot can be restored; changes nothing.") { data, part, days, ids };
        command.Aliases.Add("check");
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            var recomputesIds = arguments.GetValue(ids);
            var options = OptionsOf(
                arguments.GetValue(data) || recomputesIds,
                arguments.GetValue(part),
                arguments.GetResult(days) is null ? null : arguments.GetValue(days));
            options = options with { RecomputesIds = recomputesIds };
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var latest = new Latest<VerifyProgress>();
            var result = await session.Output.Progress.RunAsync(
                "verify",
                () => new Amount(
                    latest.Value.Bytes,
                    null,
                    string.Create(
                        CultureInfo.InvariantCulture, $"{latest.Value.Packs} of {latest.Value.TotalPacks} packs")),
                VerifyOperation.RunAsync(opened, options, latest, cancellationToken));
            Print(session.Output, result);
            return result.Problems.Count == 0 ? ExitCode.Success : ExitCode.Damaged;
        });
        return command;
    }

    private static VerifyOptions OptionsOf(bool readData, string? subset, int? days)
    {
        if (days is { } count)
        {
            return count >= 1 && subset is null
                ? VerifyOptions.OfDay(TimeProvider.System.GetUtcNow(), count)
                : throw new UsageException(
                    "--read-data-in-days takes a number of days from 1 on, and no --read-data-subset beside it.");
        }

        if (subset is null)
        {
            return new VerifyOptions { Depth = readData ? VerifyDepth.Data : VerifyDepth.Structure };
        }

        return subset.Split('/') is [var number, var total]
            && int.TryParse(number, CultureInfo.InvariantCulture, out var part)
            && int.TryParse(total, CultureInfo.InvariantCulture, out var parts)
            && part >= 1 && part <= parts
            ? new VerifyOptions { Depth = VerifyDepth.Data, Part = part, Parts = parts }
            : throw new UsageException($"--read-data-subset {subset} isn't a part: write n/t, with n from 1 to t.");
    }

    private static void Print(CliOutput output, VerifyResult result)
    {
        foreach (var problem in result.Problems)
        {
            output.Warn($"{problem.BlobName}: {problem.Sentence}");
        }

        AffectedFiles.Name(output, result.Affected);
        output.Result(
            new VerifyJson(
                result.Snapshots,
                result.Packs,
                result.Chunks,
                result.Bytes,
                [.. result.Problems.Select(problem => new ProblemJson(problem.BlobName, problem.Sentence))],
                result.Affected),
            CliJson.Default.VerifyJson,
            () =>
            [
                $"Looked at {Bytes.Count(result.Snapshots, "snapshot", "snapshots")} and "
                    + $"{Bytes.Count(result.Packs, "pack", "packs")}; checked "
                    + $"{Bytes.Count(result.Chunks, "chunk", "chunks")}, {Bytes.Text(result.Bytes)}.",
                result.Problems.Count == 0
                    ? "Nothing is damaged."
                    : $"{Bytes.Count(result.Problems.Count, "problem", "problems")}: see above.",
            ]);
    }
}
