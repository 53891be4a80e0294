using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Continuity.ControlPlane.Database;

/// <summary>One transaction: its SQL commands and its EF context write together or not at all.</summary>
internal sealed class UnitOfWork(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    private ControlPlaneContext? _context;

    public NpgsqlTransaction Transaction => transaction;

    /// <summary>The EF view of the transaction; made when first asked for, because hot paths never do.</summary>
    public ControlPlaneContext Context => _context ??= CreateContext();

    /// <summary>A command with positional parameters ($1, $2, ...).</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>Runs a command and answers how many rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a query and reads its first row; <see langword="default"/> when there is none.</summary>
    public async Task<T?> ReadFirstAsync<T>(
        string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(reader) : default;
    }

    /// <summary>Runs a query and reads all of its rows.</summary>
    public async Task<List<T>> ReadAllAsync<T>(
        string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }
    }

    private ControlPlaneContext CreateContext()
    {
        var options = new DbContextOptionsBuilder<ControlPlaneContext>().UseNpgsql(connection).Options;
        var context = new ControlPlaneContext(options);
        context.Database.UseTransaction(transaction);
        return context;
    }
}
