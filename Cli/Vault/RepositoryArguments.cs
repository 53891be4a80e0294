using System.CommandLine;

namespace Continuity.Cli.Vault;

/// <summary>The options that all verbs share: which repository, which key, and how to print.</summary>
internal sealed class RepositoryArguments
{
    public Option<string> Location { get; } = new("--repo", "-r")
    {
        Description = "Where the repository is: a folder, s3:https://host/bucket/prefix, azure:container:/prefix, "
            + "webhdfs:http://host:9870/path or sftp:user@host:/path. Default: $CONTINUITY_REPOSITORY.",
        HelpName = "location",
        Recursive = true,
    };

    public Option<string> PasswordFile { get; } = new("--password-file", "-p")
    {
        Description = "A file whose first line is the passphrase. Default: $CONTINUITY_PASSWORD_FILE, "
            + "$CONTINUITY_PASSWORD, $CONTINUITY_PASSWORD_COMMAND, or a prompt.",
        HelpName = "file",
        Recursive = true,
    };

    public Option<string> PasswordCommand { get; } = new("--password-command")
    {
        Description = "A command whose first line of output is the passphrase.",
        HelpName = "command",
        Recursive = true,
    };

    public Option<string> KeyFile { get; } = new("--key-file")
    {
        Description = "A file of at least 32 random bytes that opens the repository, in place of a passphrase. "
            + "Default: $CONTINUITY_KEY_FILE.",
        HelpName = "file",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the result as one JSON document.", Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Show no progress.", Recursive = true,
    };

    public IEnumerable<Option> All => [Location, PasswordFile, PasswordCommand, KeyFile, Json, Quiet];
}
