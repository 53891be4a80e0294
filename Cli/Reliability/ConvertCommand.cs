using System.CommandLine;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;
using Continuity.Reliability.Yaml;

namespace Continuity.Cli.Reliability;

/// <summary><c>reliability convert</c>: a model in another format.</summary>
internal static class ConvertCommand
{
    private static readonly Dictionary<string, Action<FaultGraph, TextWriter>> _writers = new()
    {
        ["open-psa"] = OpenPsaWriter.Write,
        ["yaml"] = YamlModelWriter.Write,
        ["dot"] = GraphvizWriter.Write,
    };

    public static Command Create(ModelArguments model)
    {
        var format = new Option<string>("--to")
        {
            Description = "open-psa, yaml, or dot (a drawing for Graphviz).", Required = true,
        };
        format.AcceptOnlyFromAmong([.. _writers.Keys]);
        var target = new Option<FileInfo?>("--output", "-o") { Description = "A file, instead of standard output." };
        var command = new Command("convert", "Write a model in another format.") { format, target };
        model.SetAction(command, (arguments, _, cancellationToken) =>
        {
            var graph = model.Read(arguments, cancellationToken);

            // Written whole before the file is touched: a model that can't be written leaves what is there.
            using var text = new StringWriter();
            _writers[arguments.GetRequiredValue(format)](graph, text);
            if (arguments.GetValue(target) is { } file)
            {
                File.WriteAllText(file.FullName, text.ToString());
            }
            else
            {
                arguments.InvocationConfiguration.Output.Write(text.ToString());
            }

            return ExitCode.Success;
        });
        return command;
    }
}
