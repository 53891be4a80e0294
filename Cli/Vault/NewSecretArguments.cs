using System.CommandLine;
using Continuity.Vault.Crypto;

namespace Continuity.Cli.Vault;

/// <summary>Where the secret of a new key comes from.</summary>
internal sealed class NewSecretArguments
{
    private readonly Option<string> _passwordFile = new("--new-password-file")
    {
        Description = "A file whose first line is the new passphrase.", HelpName = "file",
    };

    private readonly Option<string> _passwordCommand = new("--new-password-command")
    {
        Description = "A command whose first line of output is the new passphrase.", HelpName = "command",
    };

    private readonly Option<string> _keyFile = new("--new-key-file")
    {
        Description = "A file of at least 32 random bytes, as the new key.", HelpName = "file",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_passwordFile, _passwordCommand, _keyFile])
        {
            command.Options.Add(option);
        }
    }

    public Task<KeySecret> ReadAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        (arguments.GetValue(_passwordFile), arguments.GetValue(_passwordCommand), arguments.GetValue(_keyFile)) switch
        {
            ({ } file, null, null) => SecretSource.FromFileAsync(file, cancellationToken),
            (null, { } command, null) => SecretSource.FromCommandAsync(command, cancellationToken),
            (null, null, { } key) => SecretSource.FromKeyFileAsync(key, cancellationToken),
            (null, null, null) when SecretSource.CanAsk => SecretSource.AskTwiceAsync(cancellationToken),
            _ => throw new UsageException(
                "Give the new secret by --new-password-file, --new-password-command or --new-key-file, one of them."),
        };
}
