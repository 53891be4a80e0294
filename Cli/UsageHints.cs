using System.CommandLine;
using System.CommandLine.Parsing;

namespace Continuity.Cli;

/// <summary>Says what is wrong with a command line in a few lines, and what to write instead.</summary>
internal static class UsageHints
{
    // The verbs of a backup tool that many know, where ours has another word or none.
    private static readonly Dictionary<string, string> _otherWords = new(StringComparer.Ordinal)
    {
        ["unlock"] = "nothing is ever locked; what a dead process left expires by itself",
        ["mount"] = "`list SNAPSHOT` shows what is in it, `restore SNAPSHOT --include PATH --target DIR` brings a part",
        ["dump"] = "`restore SNAPSHOT --include PATH --target DIR` brings one file, `export SNAPSHOT -` an archive",
        ["stats"] = "`list` shows sizes, `prune --dry-run` what is in use",
        ["tag"] = "a snapshot gets its tags at `backup --tag`, and never changes",
        ["rewrite"] = "a snapshot never changes; `forget` drops it",
        ["rebuild-index"] = "`repair` does that",
        ["recover"] = "`repair` does that",
        ["migrate"] = "`copy` brings snapshots into a repository made anew",
        ["passwd"] = "`key passwd`",
        ["cache"] = "there is none",
        ["cat"] = "docs/repository-format.md says what the blobs hold",
    };

    /// <summary>Writes the errors of a command line.</summary>
    public static void Write(ParseResult parsed, TextWriter errors)
    {
        var command = Name(parsed.CommandResult);
        var unknown = parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command.Subcommands.Count > 0
            ? parsed.UnmatchedTokens[0]
            : null;
        if (unknown is not null)
        {
            errors.WriteLine($"error: '{command}' has no command or option '{unknown}'.");
            var verbs = parsed.CommandResult.Command.Subcommands;
            var vault = parsed.RootCommandResult.Command.Subcommands.First(verb => verb.Name == "vault");
            if (verbs.All(verb => verb != vault) && _otherWords.TryGetValue(unknown, out var instead))
            {
                errors.WriteLine($"Instead: {instead}.");
            }
            else if (parsed.CommandResult.Command is RootCommand
                && vault.Subcommands.Any(verb => verb.Name == unknown || verb.Aliases.Contains(unknown)))
            {
                errors.WriteLine($"Instead: continuity vault {unknown}");
            }
            else
            {
                errors.WriteLine($"It has: {string.Join(", ", verbs.Select(verb => verb.Name))}.");
            }
        }
        else if (parsed.CommandResult.Command.Action is null)
        {
            var verbs = parsed.CommandResult.Command.Subcommands.Select(verb => verb.Name);
            errors.WriteLine($"error: '{command}' needs a command: {string.Join(", ", verbs)}.");
        }
        else
        {
            foreach (var error in parsed.Errors)
            {
                errors.WriteLine($"error: {error.Message}");
            }
        }

        errors.WriteLine($"'{command} --help' lists what there is.");
    }

    private static string Name(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? part = result; part is not null; part = part.Parent)
        {
            if (part is CommandResult { Command: var command })
            {
                names.Push(command is RootCommand ? "continuity" : command.Name);
            }
        }

        return string.Join(' ', names);
    }
}
