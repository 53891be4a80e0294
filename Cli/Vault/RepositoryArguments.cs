using System.CommandLine;

namespace Continuity.Cli.Vault;

/// <summary>The options that all verbs share: which repository, which key, and how to print.</summary>
internal sealed class RepositoryArguments
{
    /// <summary>Gets which repository a verb works on, and with which key.</summary>
    public RepositoryChoice Repository { get; } = new(string.Empty, isShared: true);

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the result as one JSON document.", Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Show no progress.", Recursive = true,
    };

    public IEnumerable<Option> All => [.. Repository.All, Json, Quiet];
}
