using System.CommandLine;
using Continuity.Vault.Checkpoints;

namespace Continuity.Cli.Vault;

/// <summary>What to do about checkpoints that are still being written.</summary>
internal sealed class CheckpointArguments
{
    private readonly Option<string> _policy = new("--checkpoint")
    {
        Description = "check: no snapshot while a checkpoint's index names what isn't there or a file of it changes, "
            + "and of other changing files the snapshot says so; fail: no snapshot if anything isn't whole or "
            + "changes; wait: as fail, but wait until all keeps still; ignore: back up whatever is there.",
        DefaultValueFactory = _ => "check",
    };

    private readonly Option<int> _seconds = new("--checkpoint-wait")
    {
        Description = "How many seconds --checkpoint wait waits at most.",
        DefaultValueFactory = _ => 600,
        HelpName = "seconds",
    };

    public void AddTo(Command command)
    {
        _policy.AcceptOnlyFromAmong("check", "fail", "wait", "ignore");
        command.Options.Add(_policy);
        command.Options.Add(_seconds);
    }

    public CheckpointPolicy? PolicyOf(ParseResult arguments) => arguments.GetRequiredValue(_policy) switch
    {
        "ignore" => null,
        "wait" => new CheckpointPolicy { Wait = TimeSpan.FromSeconds(arguments.GetRequiredValue(_seconds)) },
        var policy => new CheckpointPolicy { AllowChanges = policy == "check" },
    };
}
