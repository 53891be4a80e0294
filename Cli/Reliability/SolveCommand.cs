using System.CommandLine;
using Continuity.Cli.Output;

namespace Continuity.Cli.Reliability;

/// <summary><c>reliability solve</c>: the probability of a model's top, and what makes it up.</summary>
internal static class SolveCommand
{
    public static Command Create(ModelArguments model)
    {
        var cutSets = new Option<bool>("--cut-sets") { Description = "Count the minimal cut sets, by order." };
        var top = new Option<int>("--top-cut-sets")
        {
            Description = "List this many minimal cut sets, the most probable first.",
        };
        top.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1_000_000)
            {
                result.AddError("--top-cut-sets takes a number from 1 to 1,000,000.");
            }
        });
        var importance = new Option<bool>("--importance") { Description = "How much each basic event matters." };
        var timeout = new Option<double?>("--timeout")
        {
            Description = "Seconds for the whole of it; bounds are given for what isn't known exactly by then.",
        };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and <= 1e6)))
            {
                result.AddError("--timeout takes a number of seconds above 0 and up to 1,000,000.");
            }
        });
        var command = new Command("solve", "Compute the probability that the model's top fails.")
        {
            cutSets, top, importance, timeout,
        };
        model.SetAction(command, (arguments, output, cancellationToken) =>
        {
            var limit = arguments.GetValue(timeout);
            var request = new SolveRequest(
                arguments.GetValue(cutSets),
                arguments.GetValue(top),
                arguments.GetValue(importance),
                limit is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            var solution = Solver.Solve(token => model.Read(arguments, token), request, cancellationToken);
            output.Result(
                SolveJson.From(solution), CliJson.Default.SolveJson, () => SolveText.Lines(solution));
            return ExitCode.Success;
        });
        return command;
    }
}
