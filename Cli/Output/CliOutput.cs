using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Continuity.Cli.Output;

/// <summary>Results go to standard output, as text or as one JSON document; everything else to standard
/// error.</summary>
internal sealed class CliOutput
{
    private readonly IAnsiConsole _errors = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Error),
    });

    public CliOutput(bool isJson, bool isQuiet)
    {
        IsJson = isJson;
        Progress = new ProgressDisplay(_errors, isQuiet || isJson, TimeProvider.System);
    }

    public bool IsJson { get; }

    public ProgressDisplay Progress { get; }

    /// <summary>Writes a result: as JSON for machines, or else the lines for people.</summary>
    public void Result<T>(T result, JsonTypeInfo<T> type, Func<IEnumerable<string>> lines)
    {
        if (IsJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, type));
            return;
        }

        foreach (var line in lines())
        {
            Console.Out.WriteLine(line);
        }
    }

    public void Warn(string sentence)
    {
        if (!IsJson)
        {
            _errors.Write(new Text("warning: ", new Style(Color.Yellow)));
            Console.Error.WriteLine(Printable.Text(sentence));
        }
    }

    public void Fail(string sentence, int exitCode)
    {
        if (IsJson)
        {
            Console.Error.WriteLine(JsonSerializer.Serialize(
                new FailureJson(sentence, exitCode), CliJson.Default.FailureJson));
            return;
        }

        _errors.Write(new Text("error: ", new Style(Color.Red)));
        Console.Error.WriteLine(Printable.Text(sentence));
    }
}
