using System.Data;
using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Continuity.ControlPlane.Database;

/// <summary>The one way into PostgreSQL: every call is a transaction, and the only place that retries one.</summary>
/// <remarks>
/// A failure before the commit was sent means that nothing was written: those are tried again, a few times within a
/// second. A failure of the commit itself means <em>unknown</em>: it surfaces as
/// <see cref="CommitOutcomeUnknownException"/>, and the caller looks at the real state before it decides.
/// </remarks>
public sealed class ControlPlaneDatabase
{
    private const int MaxRetries = 3;

    // A process that freezes in the middle of a change must not keep the others from it (from taking its lease over,
    // say): its transaction is undone, and its locks go. All a write does between two statements takes moments.
    private const string EndFrozenTransactions = "SET LOCAL idle_in_transaction_session_timeout = '5s'";

    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlDataSource _dataSource;
    private readonly ResiliencePipeline _retry;

    public ControlPlaneDatabase(NpgsqlDataSource dataSource, TimeProvider time)
    {
        _dataSource = dataSource;
        _retry = new ResiliencePipelineBuilder { Name = "postgres", TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(IsWorthRetrying),
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = _firstDelay,
                UseJitter = true,
            })
            .Build();
    }

    internal Task WriteAsync(Func<UnitOfWork, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        WriteAsync<object?>(
            async (unit, token) =>
            {
                await work(unit, token);
                return null;
            },
            cancellationToken);

    internal Task<T> WriteAsync<T>(
        Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(
            IsolationLevel.ReadCommitted,
            async (unit, token) =>
            {
                await unit.ExecuteAsync(EndFrozenTransactions, [], token);
                return await work(unit, token);
            },
            cancellationToken);

    /// <summary>Reads one consistent state of all tables.</summary>
    internal Task<T> ReadAsync<T>(
        Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(IsolationLevel.RepeatableRead, work, cancellationToken);

    // Besides the failures that Npgsql itself calls transient: two writers that both saw "no such row" and both
    // inserted it. The second one finds the row when it tries again.
    private static bool IsWorthRetrying(NpgsqlException exception) =>
        DatabaseErrors.IsTransient(exception)
        || exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private async Task<T> RunAsync<T>(
        IsolationLevel isolation, Func<UnitOfWork, CancellationToken, Task<T>> work,
            CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(token => RunOnceAsync(isolation, work, token), cancellationToken);

    private async ValueTask<T> RunOnceAsync<T>(
        IsolationLevel isolation, Func<UnitOfWork, CancellationToken, Task<T>> work,
            CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
        await using var unit = new UnitOfWork(connection, transaction);
        T result;
        try
        {
            result = await work(unit, cancellationToken);
        }
        catch (Exception exception) when (
            exception is DbUpdateException or InvalidOperationException
            && exception.InnerException is NpgsqlException inner)
        {
            // EF wraps what PostgreSQL said, a lost connection in a query as InvalidOperationException; callers and the
            // retry judge the cause.
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }

        try
        {
            // Deliberately not cancellable: past this point only PostgreSQL knows whether it happened.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException)
        {
            throw new CommitOutcomeUnknownException(exception);
        }

        return result;
    }
}
