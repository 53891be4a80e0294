using System.CommandLine;
using Continuity.Cli.Output;
using Continuity.Vault.Formats;
using Continuity.Vault.Repositories;
using Continuity.Vault.Storage;
using Continuity.Vault.Stores;

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
                output.Fail(code == ExitCode.Interrupted ? "Interrupted." : exception.Message, code);
                return code;
            }
        });

    /// <summary>Opens the store; nothing has been asked of it yet.</summary>
    public IBlobStore OpenStore()
    {
        var text = arguments.GetValue(options.Location)
            ?? Environment.GetEnvironmentVariable("CONTINUITY_REPOSITORY");
        if (string.IsNullOrEmpty(text))
        {
            throw new UsageException("No repository is given: use --repo, or set CONTINUITY_REPOSITORY.");
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

    /// <summary>Opens the repository in a store.</summary>
    public async Task<Repository> OpenRepositoryAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        using var secret = await SecretSource.ReadAsync(arguments, options, cancellationToken);
        return await Repository.OpenAsync(store, secret, TimeProvider.System, cancellationToken);
    }

    private static int? CodeOf(Exception exception) => exception switch
    {
        UsageException => ExitCode.Usage,
        OperationCanceledException => ExitCode.Interrupted,
        RepositoryNotFoundException => ExitCode.NoRepository,
        WrongKeyException => ExitCode.WrongKey,
        CorruptBlobException or MissingChunkException => ExitCode.Damaged,
        StoreUnavailableException or StoreAccessDeniedException => ExitCode.StoreUnavailable,
        // Vault, store, file: whatever else names what happened.
        IOException or UnauthorizedAccessException => ExitCode.Failed,
        _ => null,
    };
}
