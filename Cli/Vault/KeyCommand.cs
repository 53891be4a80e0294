using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Crypto;

namespace Continuity.Cli.Vault;

/// <summary><c>vault key</c>: who can open the repository.</summary>
internal static class KeyCommand
{
    public static Command Create(RepositoryArguments repository) =>
        new("key", "List, add, change and remove the keys that open the repository.")
        {
            CreateList(repository), CreateAdd(repository), CreateChange(repository), CreateRemove(repository),
        };

    private static Command CreateList(RepositoryArguments repository)
    {
        var command = new Command("list", "List the keys.");
        VaultSession.SetAction(command, repository, async (session, _, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var keys = await opened.ListKeysAsync(cancellationToken);
            session.Output.Result(
                [.. keys.Select(ToJson)],
                CliJson.Default.IReadOnlyListKeyJson,
                () => keys.Select(
                    key => $"{key.Id}  {key.Kind,-6}  {key.Created:yyyy-MM-dd HH:mm}  {Printable.Text(key.Label)}"));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateAdd(RepositoryArguments repository)
    {
        var newSecret = new NewSecretArguments();
        var writer = new Option<bool>("--writer")
        {
            Description = "A key that adds snapshots and opens nothing, its own included.",
        };
        var label = new Option<string>("--label")
        {
            Description = "The key's name, for people.", DefaultValueFactory = _ => Environment.UserName,
        };
        var command = new Command("add", "Add a key; nothing else is rewritten.") { writer, label };
        newSecret.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            using var secret = await newSecret.ReadAsync(arguments, cancellationToken);
            var added = await opened.AddKeyAsync(
                arguments.GetValue(writer) ? KeyKind.Writer : KeyKind.Full,
                arguments.GetRequiredValue(label),
                secret,
                cancellationToken);
            session.Output.Result(ToJson(added), CliJson.Default.KeyJson, () => [$"Added key {added.Id}."]);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateChange(RepositoryArguments repository)
    {
        var newSecret = new NewSecretArguments();
        var command = new Command(
            "change", "Replace the key that opens the repository now; nothing else is rewritten.");
        command.Aliases.Add("passwd");
        newSecret.AddTo(command);
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            using var secret = await newSecret.ReadAsync(arguments, cancellationToken);
            var changed = await opened.ChangeKeyAsync(secret, cancellationToken);
            session.Output.Result(
                ToJson(changed), CliJson.Default.KeyJson, () => [$"Key {opened.Key?.Id} is now {changed.Id}."]);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateRemove(RepositoryArguments repository)
    {
        var id = new Argument<string>("id") { Description = "The key's id, as list shows it." };
        var command = new Command("remove", "Remove a key; the last full one stays.") { id };
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            var opened = await session.OpenRepositoryAsync(store, cancellationToken);
            var removed = arguments.GetRequiredValue(id);
            if (!await opened.RemoveKeyAsync(removed, cancellationToken))
            {
                var keys = await opened.ListKeysAsync(cancellationToken);
                throw new UsageException(keys.Any(key => key.Id == removed)
                    ? $"Key '{removed}' is the last full one, and stays: nobody could open the repository without it."
                    : $"There is no key '{removed}'; 'vault key list' shows those there are.");
            }

            session.Output.Result(
                new RemovedJson(removed), CliJson.Default.RemovedJson, () => [$"Removed key {removed}."]);
            return ExitCode.Success;
        });
        return command;
    }

    private static KeyJson ToJson(KeyDescription key) =>
        new(key.Id, key.Kind.ToString().ToLowerInvariant(), key.Label, key.Created);
}
