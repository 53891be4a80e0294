using System.CommandLine;
using Continuity.Vault.Crypto;
using Continuity.Vault.Storage;
using Continuity.Vault.Stores;

namespace Continuity.Cli.Vault;

/// <summary>The options that name a repository and what opens it, and the variables that stand in for them.</summary>
internal sealed class RepositoryChoice
{
    private readonly string _variable;

    /// <summary>Makes the options.</summary>
    /// <param name="role">Empty for the repository that a verb works on; `from` for the one that it copies
    /// from.</param>
    /// <param name="isShared">Whether all verbs below the command have them.</param>
    public RepositoryChoice(string role, bool isShared)
    {
        var isMain = role.Length == 0;
        var option = isMain ? "--" : $"--{role}-";
        _variable = isMain ? "CONTINUITY_" : $"CONTINUITY_{role.ToUpperInvariant()}_";
        var which = isMain ? string.Empty : " of the repository to copy from";
        Location = new Option<string>($"{option}repo", isMain ? ["-r"] : [])
        {
            Description = $"The location{which}: a folder, s3:https://host/bucket/prefix, azure:container:/prefix, "
                + $"webhdfs:http://host:9870/path or sftp:user@host:/path. Default: ${_variable}REPOSITORY.",
            HelpName = "location",
            Recursive = isShared,
        };
        PasswordFile = new Option<string>($"{option}password-file", isMain ? ["-p"] : [])
        {
            Description = $"A file whose first line is the passphrase{which}. Default: ${_variable}PASSWORD_FILE, "
                + $"${_variable}PASSWORD, ${_variable}PASSWORD_COMMAND, or a prompt.",
            HelpName = "file",
            Recursive = isShared,
        };
        PasswordCommand = new Option<string>($"{option}password-command")
        {
            Description = $"A command whose first line of output is the passphrase{which}.",
            HelpName = "command",
            Recursive = isShared,
        };
        KeyFile = new Option<string>($"{option}key-file")
        {
            Description = $"A file of at least 32 random bytes, in place of the passphrase{which}. "
                + $"Default: ${_variable}KEY_FILE.",
            HelpName = "file",
            Recursive = isShared,
        };
    }

    public Option<string> Location { get; }

    public Option<string> PasswordFile { get; }

    public Option<string> PasswordCommand { get; }

    public Option<string> KeyFile { get; }

    public IEnumerable<Option> All => [Location, PasswordFile, PasswordCommand, KeyFile];

    /// <summary>Gets the name of a variable, such as `PASSWORD_FILE`, for this repository.</summary>
    public string VariableName(string name) => _variable + name;

    /// <summary>Opens the store; nothing has been asked of it yet.</summary>
    public IBlobStore OpenStore(ParseResult arguments)
    {
        var text = arguments.GetValue(Location) ?? Environment.GetEnvironmentVariable(VariableName("REPOSITORY"));
        if (string.IsNullOrEmpty(text))
        {
            throw new UsageException(
                $"No repository is given: use {Location.Name}, or set {VariableName("REPOSITORY")}.");
        }

        try
        {
            return new BlobStoreOpener(Environment.GetEnvironmentVariable, TimeProvider.System)
                .Open(StoreLocation.Parse(text));
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>Gets the secret; see <see cref="SecretSource"/>.</summary>
    public Task<KeySecret> ReadSecretAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        SecretSource.ReadAsync(arguments, this, cancellationToken);
}
