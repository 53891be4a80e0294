using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Checkpoints;
using Continuity.Vault.Formats;
using Continuity.Vault.Repositories;
using Continuity.Vault.Storage;

namespace Continuity.Cli.Vault;

/// <summary>Runs a verb: opens what it needs, and turns failures into a sentence and an exit code.</summary>
internal sealed class VaultSession(ParseResult arguments, RepositoryArguments options, CliOutput output)
{
    public CliOutput Output => output;

    /// <summary>Gives a command its action.</summary>
    public static void SetAction(
        Command command, RepositoryArguments options, Func<VaultSession, ParseResult, CancellationToken,
            Task<int>> run) =>
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var output = new CliOutput(arguments.GetValue(options.Json), arguments.GetValue(options.Quiet));
            try
            {
                return await run(new VaultSession(arguments, options, output), arguments, cancellationToken);
            }
            catch (Exception exception) when (CodeOf(exception) is { } code)
            {
                foreach (var problem in (exception as IncompleteCheckpointException)?.Problems ?? [])
                {
                    output.Warn(problem.ToString());
                }

                output.Fail(code == ExitCode.Interrupted ? "Interrupted." : exception.Message, code);
                return code;
            }
        });

    /// <summary>Opens the store; nothing has been asked of it yet.</summary>
    public IBlobStore OpenStore() => options.Repository.OpenStore(arguments);

    /// <summary>Opens the repository in a store.</summary>
    public Task<Repository> OpenRepositoryAsync(IBlobStore store, CancellationToken cancellationToken) =>
        OpenRepositoryAsync(options.Repository, store, cancellationToken);

    /// <summary>Opens the repository in a store by the secret of a choice.</summary>
    public async Task<Repository> OpenRepositoryAsync(
        RepositoryChoice choice, IBlobStore store, CancellationToken cancellationToken)
    {
        using var secret = await choice.ReadSecretAsync(arguments, cancellationToken);
        return await Repository.OpenAsync(store, secret, TimeProvider.System, cancellationToken);
    }

    private static int? CodeOf(Exception exception) => exception switch
    {
        UsageException => ExitCode.Usage,
        OperationCanceledException => ExitCode.Interrupted,
        RepositoryNotFoundException => ExitCode.NoRepository,
        WrongKeyException => ExitCode.WrongKey,
        IncompleteCheckpointException => ExitCode.IncompleteCheckpoint,
        UnsupportedFormatException => ExitCode.NewerFormat,
        CorruptBlobException or MissingChunkException => ExitCode.Damaged,
        StoreUnavailableException or StoreAccessDeniedException => ExitCode.StoreUnavailable,
        // Vault, store, file: whatever else names what happened.
        IOException or UnauthorizedAccessException => ExitCode.Failed,
        _ => null,
    };
}
