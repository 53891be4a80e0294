using System.CommandLine;
using System.CommandLine.Invocation;
using Continuity.Cli;
using Continuity.Cli.Reliability;
using Continuity.Cli.Vault;

var root = new RootCommand("Keeps AI artefacts recoverable, and says how reliable what serves them is.")
{
    VaultCommand.Create(),
    ReliabilityCommand.Create(),
    CompletionCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    UsageHints.Write(parsed, Console.Error);
    return ExitCode.Usage;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first one ends the work in order; a second one ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};

return await parsed.InvokeAsync(
    new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
    interrupted.Token);
