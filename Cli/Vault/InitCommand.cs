using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Repositories;

namespace Continuity.Cli.Vault;

/// <summary><c>vault init</c>: makes a repository.</summary>
internal static class InitCommand
{
    public static Command Create(RepositoryArguments repository)
    {
        var parity = new Option<bool>("--parity")
        {
            Description =
                "Add parity to each pack: mends up to 1 MiB of damage in a row, for less than 3 % more space.",
        };
        var label = new Option<string>("--label")
        {
            Description = "The name of the first key, for people.", DefaultValueFactory = _ => "first key",
        };
        var command = new Command("init", "Make a repository.") { parity, label };
        VaultSession.SetAction(command, repository, async (session, arguments, cancellationToken) =>
        {
            await using var store = session.OpenStore();
            using var secret = await repository.Repository.ReadSecretAsync(arguments, cancellationToken);
            var options = new RepositoryOptions
            {
                Parity = arguments.GetValue(parity), KeyLabel = arguments.GetRequiredValue(label),
            };
            var made = await Repository.InitializeAsync(store, secret, options, TimeProvider.System, cancellationToken);
            session.Output.Result(
                new InitJson(made.Id.ToString(), made.Description, options.Parity),
                CliJson.Default.InitJson,
                () => [$"Made repository {made.Id} at {made.Description}.",
                    "Keep its secret safe: nothing opens the repository without it."]);
            return ExitCode.Success;
        });
        return command;
    }
}
