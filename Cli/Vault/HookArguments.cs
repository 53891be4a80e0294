using System.CommandLine;
using System.Diagnostics;
using Continuity.Cli.Output;

namespace Continuity.Cli.Vault;

/// <summary>Commands that run around a backup: to make a database write a consistent copy, and to remove it
/// again.</summary>
internal sealed class HookArguments
{
    private readonly Option<string> _before = new("--before")
    {
        Description = "A shell command to run before anything is read; if it fails, no snapshot is made.",
        HelpName = "command",
    };

    private readonly Option<string> _after = new("--after")
    {
        Description = "A shell command to run at the end, also if the backup failed. It gets CONTINUITY_EXIT_CODE "
            + "and, if a snapshot was made, CONTINUITY_SNAPSHOT.",
        HelpName = "command",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_before);
        command.Options.Add(_after);
    }

    /// <summary>Runs a backup between the hooks.</summary>
    /// <param name="output">Gets what a hook prints.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="backup">The backup: returns its exit code and the snapshot, if one was made.</param>
    /// <param name="cancellationToken">Ends the backup; the hook at the end runs nevertheless.</param>
    public async Task<int> RunAroundAsync(
        CliOutput output, ParseResult arguments, Func<Task<(int ExitCode, string? Snapshot)>> backup,
        CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_before) is { } before
            && await RunAsync(before, [], cancellationToken) is not 0 and var code)
        {
            output.Fail(
                $"No snapshot was made: the command before it ended with code {code}: {before}", ExitCode.HookFailed);
            return ExitCode.HookFailed;
        }

        var result = (ExitCode: ExitCode.Failed, Snapshot: (string?)null);
        try
        {
            result = await backup();
        }
        finally
        {
            if (arguments.GetValue(_after) is { } after)
            {
                // Deliberately not cancelled: what the first hook prepared must be put right.
                code = await RunAsync(
                    after,
                    [("CONTINUITY_EXIT_CODE", $"{result.ExitCode}"), ("CONTINUITY_SNAPSHOT", result.Snapshot ?? "")],
                    CancellationToken.None);
                if (code != 0)
                {
                    output.Warn($"The command after the backup ended with code {code}: {after}");
                    result.ExitCode = result.ExitCode == ExitCode.Success ? ExitCode.HookFailed : result.ExitCode;
                }
            }
        }

        return result.ExitCode;
    }

    // What it prints goes to standard error: standard output is the result's.
    private static async Task<int> RunAsync(
        string command, IEnumerable<(string Name, string Value)> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec 1>&2\n{command}"]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)
            ?? throw new UsageException($"The command couldn't be started: {command}");
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }
}
