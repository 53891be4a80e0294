using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Reliability.Graphs;

namespace Continuity.Cli.Reliability;

/// <summary>What all verbs on a model share: which file, which top, and how to print.</summary>
internal sealed class ModelArguments
{
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the result as one JSON document.", Recursive = true,
    };

    public Argument<FileInfo> Model { get; } = new("model")
    {
        Description = "A model in YAML or in the Open-PSA exchange format.",
    };

    public Option<string?> Top { get; } = new("--top")
    {
        Description = "The node to ask about; without it the one that the model names, or that nothing else uses.",
    };

    /// <summary>Gives a command its model and its action.</summary>
    public void SetAction(Command command, Func<ParseResult, CliOutput, CancellationToken, int> run)
    {
        command.Arguments.Add(Model);
        command.Options.Add(Top);
        command.SetAction((arguments, cancellationToken) => Task.Run(
            () =>
            {
                var output = new CliOutput(arguments.GetValue(Json), isQuiet: false);
                try
                {
                    return run(arguments, output, cancellationToken);
                }
                catch (Exception exception) when (CodeOf(exception) is { } code)
                {
                    output.Fail(code == ExitCode.Interrupted ? "Interrupted." : exception.Message, code);
                    return code;
                }
            },
            CancellationToken.None));
    }

    /// <summary>Reads the model that the command line names.</summary>
    public FaultGraph Read(ParseResult arguments, CancellationToken cancellationToken) =>
        ModelFile.Read(arguments.GetRequiredValue(Model), arguments.GetValue(Top), cancellationToken);

    private static int? CodeOf(Exception exception) => exception switch
    {
        UsageException => ExitCode.Usage,
        OperationCanceledException => ExitCode.Interrupted,
        InvalidModelException => ExitCode.InvalidModel,
        IOException or UnauthorizedAccessException => ExitCode.Failed,
        _ => null,
    };
}
