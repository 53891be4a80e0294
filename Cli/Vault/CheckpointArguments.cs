using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Checkpoints;

namespace Continuity.Cli.Vault;

/// <summary>What to do about checkpoints that are still being written.</summary>
internal sealed class CheckpointArguments
{
    private readonly Option<string> _policy = new("--checkpoint")
    {
        Description = "check: fail if an index names what isn't there; wait: until two looks agree that all is there; "
            + "ignore: back up whatever is there.",
        DefaultValueFactory = _ => "check",
    };

    private readonly Option<int> _seconds = new("--checkpoint-wait")
    {
        Description = "How many seconds --checkpoint wait waits at most.", DefaultValueFactory = _ => 600,
    };

    public void AddTo(Command command)
    {
        _policy.AcceptOnlyFromAmong("check", "wait", "ignore");
        command.Options.Add(_policy);
        command.Options.Add(_seconds);
    }

    /// <summary>Looks at the folders; returns what the snapshot says about them, or null if it must not be
    /// made.</summary>
    public async Task<string?> CheckAsync(
        CliOutput output, ParseResult arguments, IEnumerable<string> roots, CancellationToken cancellationToken)
    {
        var policy = arguments.GetRequiredValue(_policy);
        if (policy == "ignore")
        {
            return "unchecked";
        }

        var problems = new List<CheckpointProblem>();
        foreach (var root in roots.Where(Directory.Exists))
        {
            var state = policy == "check"
                ? CheckpointGate.Look(root, cancellationToken)
                : await WaitAsync(output, root, arguments.GetRequiredValue(_seconds), cancellationToken);
            if (state is CheckpointState.Incomplete incomplete)
            {
                problems.AddRange(incomplete.Problems.Select(problem =>
                    problem with { File = Path.Combine(root, problem.File) }));
            }
        }

        if (problems.Count == 0)
        {
            return "complete";
        }

        foreach (var problem in problems)
        {
            output.Warn(problem.ToString());
        }

        output.Fail(
            $"No snapshot was made: a checkpoint isn't complete ({problems[0]}). Wait for its writer "
            + "(--checkpoint wait), or take it as it is (--checkpoint ignore).",
            ExitCode.IncompleteCheckpoint);
        return null;
    }

    private static Task<CheckpointState> WaitAsync(
        CliOutput output, string root, int seconds, CancellationToken cancellationToken) =>
        output.Progress.RunAsync(
            "waiting for a whole checkpoint",
            () => new Amount(0, null, root),
            new CheckpointGate(TimeProvider.System).WaitAsync(
                root, new CheckpointPolicy { Wait = TimeSpan.FromSeconds(seconds) }, cancellationToken));
}
