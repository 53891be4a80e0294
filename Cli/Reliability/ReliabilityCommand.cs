using System.CommandLine;

namespace Continuity.Cli.Reliability;

/// <summary>The verbs that work on a reliability model.</summary>
internal static class ReliabilityCommand
{
    public static Command Create()
    {
        var model = new ModelArguments();
        var command = new Command("reliability", "Solve a reliability model: exactly, or between certified bounds.")
        {
            SolveCommand.Create(model),
            AssessCommand.Create(model.Json),
            ConvertCommand.Create(model),
        };
        command.Options.Add(model.Json);
        return command;
    }
}
