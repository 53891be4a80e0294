using System.CommandLine;

namespace Continuity.Cli;

/// <summary>Prints what a shell needs to complete this program's commands and options.</summary>
internal static class CompletionCommand
{
    // Each asks the program itself by its [suggest] directive, so that the script never goes stale.
    private const string Bash = """
        _continuity() {
          mapfile -t COMPREPLY < <(
              continuity "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | grep -- "^${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _continuity continuity
        """;

    private const string Zsh = """
        _continuity() {
          compadd -- ${(f)"$(continuity "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)"} || _files
        }
        compdef _continuity continuity
        """;

    private const string Fish = """
        complete -c continuity -a '(continuity "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command(
            "completion", "Print a completion script: source <(continuity completion bash)") { shell };
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.WriteLine(result.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCode.Success;
        });
        return command;
    }
}
