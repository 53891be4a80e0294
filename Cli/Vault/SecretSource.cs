using System.CommandLine;
using Continuity.Vault.Crypto;
using Spectre.Console;

namespace Continuity.Cli.Vault;

/// <summary>Gets a repository's secret from a file, the environment, a command or a prompt; never from an argument,
/// which every user of the machine could read.</summary>
internal static class SecretSource
{
    // A passphrase is a line; a larger file is a mistake.
    private const int MaximumFileBytes = 64 << 10;

    public static async Task<KeySecret> ReadAsync(
        ParseResult arguments, RepositoryChoice options, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(options.PasswordFile) is { } file)
        {
            return await FromFileAsync(file, cancellationToken);
        }

        if (arguments.GetValue(options.PasswordCommand) is { } command)
        {
            return await FromCommandAsync(command, cancellationToken);
        }

        return arguments.GetValue(options.KeyFile) is { } key
            ? await FromKeyFileAsync(key, cancellationToken)
            : await FromEnvironmentAsync(options, cancellationToken);
    }

    public static async Task<KeySecret> FromFileAsync(string file, CancellationToken cancellationToken)
    {
        var text = System.Text.Encoding.UTF8.GetString(await ReadFileAsync(file, cancellationToken));
        var line = text.Split('\n', 2)[0].TrimEnd('\r');
        return line.Length > 0
            ? KeySecret.FromPassphrase(line)
            : throw new UsageException($"The first line of '{file}' is empty: write the passphrase there.");
    }

    public static async Task<KeySecret> FromKeyFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return KeySecret.FromKeyFile(await ReadFileAsync(file, cancellationToken));
        }
        catch (ArgumentException)
        {
            throw new UsageException($"'{file}' can't be a key file: it must hold {KeySecret.KeyFileBytes} to "
                + $"{MaximumFileBytes} random bytes.");
        }
    }

    public static async Task<KeySecret> FromCommandAsync(string command, CancellationToken cancellationToken)
    {
        try
        {
            return await KeySecret.FromCommandAsync("/bin/sh", ["-c", command], cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            throw new UsageException($"The password command gave no passphrase: {exception.Message}");
        }
    }

    /// <summary>Gets whether there is somebody to ask.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Asks for a new passphrase, twice: a mistyped one would lock its owner out.</summary>
    public static async Task<KeySecret> AskTwiceAsync(CancellationToken cancellationToken)
    {
        var first = await AskAsync("New passphrase:", cancellationToken);
        return await AskAsync("The same again:", cancellationToken) == first
            ? KeySecret.FromPassphrase(first)
            : throw new UsageException("The two passphrases differ; nothing was changed.");
    }

    private static async Task<KeySecret> FromEnvironmentAsync(
        RepositoryChoice options, CancellationToken cancellationToken)
    {
        if (Variable(options, "PASSWORD_FILE") is { } file)
        {
            return await FromFileAsync(file, cancellationToken);
        }

        if (Variable(options, "PASSWORD") is { } passphrase)
        {
            return KeySecret.FromPassphrase(passphrase);
        }

        if (Variable(options, "PASSWORD_COMMAND") is { } command)
        {
            return await FromCommandAsync(command, cancellationToken);
        }

        if (Variable(options, "KEY_FILE") is { } key)
        {
            return await FromKeyFileAsync(key, cancellationToken);
        }

        if (!CanAsk)
        {
            throw new UsageException(
                $"No passphrase is given: use {options.PasswordFile.Name}, {options.PasswordCommand.Name}, "
                + $"{options.KeyFile.Name}, or set {options.VariableName("PASSWORD_FILE")}.");
        }

        return KeySecret.FromPassphrase(await AskAsync("Passphrase:", cancellationToken));
    }

    private static Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.PromptAsync(new TextPrompt<string>(question).Secret(null), cancellationToken);
    }

    private static async Task<byte[]> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var content = await File.ReadAllBytesAsync(file, cancellationToken);
            return content.Length <= MaximumFileBytes
                ? content
                : throw new UsageException($"'{file}' is {content.Length} bytes long, too long for a secret.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The secret's file can't be read: {exception.Message}");
        }
    }

    private static string? Variable(RepositoryChoice options, string name) =>
        Environment.GetEnvironmentVariable(options.VariableName(name)) is { Length: > 0 } value ? value : null;
}
