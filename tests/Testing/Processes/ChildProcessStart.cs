using System.Diagnostics;

namespace Continuity.Testing.Processes;

/// <summary>What to start and how.</summary>
/// <param name="FileName">A program's path, or its name if it is on the PATH.</param>
public sealed record ChildProcessStart(string FileName)
{
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <value>Added to the test's own environment; an empty value takes a variable away.</value>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string WorkingDirectory { get; init; } = "/";

    /// <value>The user to run as; only root can name another. The default is the test's own user.</value>
    public string? User { get; init; }

    /// <value>What the kernel sends when the test process dies, however it dies.</value>
    public UnixSignal ParentDeathSignal { get; init; } = UnixSignal.Kill;

    // setpriv replaces itself with the program, so that the child's id is the program's.
    internal ProcessStartInfo ToStartInfo()
    {
        string[] user = User is null
            ? []
            : [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--no-new-privs"];
        var info = new ProcessStartInfo("setpriv")
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = false,
        };
        string[] arguments = [.. user, $"--pdeathsig={ParentDeathSignal.Name}", "--", FileName, .. Arguments];
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value.Length > 0 ? value : null;
        }

        return info;
    }
}
