using System.CommandLine;

namespace Continuity.Cli.Vault;

/// <summary>The verbs that work on a repository.</summary>
internal static class VaultCommand
{
    public static Command Create()
    {
        var repository = new RepositoryArguments();
        var command = new Command("vault", "Back up to, restore from and look after a repository.")
        {
            InitCommand.Create(repository),
            BackupCommand.Create(repository),
            RestoreCommand.Create(repository),
            ListCommand.Create(repository),
            DiffCommand.Create(repository),
            FindCommand.Create(repository),
            VerifyCommand.Create(repository),
            ForgetCommand.Create(repository),
            PruneCommand.Create(repository),
            CopyCommand.Create(repository),
            ExportCommand.Create(repository),
            ImportCommand.Create(repository),
            RepairCommand.Create(repository),
            KeyCommand.Create(repository),
        };
        foreach (var option in repository.All)
        {
            command.Options.Add(option);
        }

        return command;
    }
}
