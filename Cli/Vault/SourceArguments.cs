using System.CommandLine;

namespace Continuity.Cli.Vault;

/// <summary>What a backup takes: paths, named or listed in files, less what patterns leave out.</summary>
internal sealed class SourceArguments
{
    private readonly Argument<string[]> _paths = new("path")
    {
        Description = "The folders or files to back up.", Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _filesFrom = new("--files-from")
    {
        Description = "A file with more paths to back up, one a line; - is standard input; may be repeated.",
        HelpName = "file",
    };

    private readonly Option<string[]> _exclude = new("--exclude", "-e")
    {
        Description = "A pattern of paths to leave out, with all below them; may be repeated.", HelpName = "pattern",
    };

    private readonly Option<string[]> _excludeFile = new("--exclude-file")
    {
        Description = "A file with patterns to leave out, one a line, # begins a comment; may be repeated.",
        HelpName = "file",
    };

    private readonly Option<bool> _oneFileSystem = new("--one-file-system", "-x")
    {
        Description = "Leave out what is mounted inside the folders.",
    };

    public void AddTo(Command command)
    {
        OptionLikeArguments.Refuse(_paths);
        command.Arguments.Add(_paths);
        foreach (var option in (Option[])[_filesFrom, _exclude, _excludeFile, _oneFileSystem])
        {
            command.Options.Add(option);
        }
    }

    public string[] PathsOf(ParseResult arguments)
    {
        string[] paths =
        [
            .. arguments.GetValue(_paths) ?? [],
            .. (arguments.GetValue(_filesFrom) ?? []).SelectMany(file => Lines(file, "--files-from")),
        ];
        return paths.Length > 0
            ? paths
            : throw new UsageException("Name the folders or files to back up, or a list of them with --files-from.");
    }

    public string[] ExcludedBy(ParseResult arguments) =>
    [
        .. arguments.GetValue(_exclude) ?? [],
        .. (arguments.GetValue(_excludeFile) ?? []).SelectMany(file => Lines(file, "--exclude-file"))
            .Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'),
    ];

    public bool IsOneFileSystem(ParseResult arguments) => arguments.GetValue(_oneFileSystem);

    private static IEnumerable<string> Lines(string file, string option)
    {
        try
        {
            using var reader = file == "-" ? Console.In : File.OpenText(file);
            var lines = reader.ReadToEnd().Split('\n').Select(line => line.TrimEnd('\r'));
            return [.. lines.Where(line => line.Length > 0)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {exception.Message}");
        }
    }
}
