using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Continuity.ControlPlane.Database;

/// <summary>Brings the schema up to what this program was built for, whoever comes first.</summary>
internal sealed partial class SchemaMigrator(NpgsqlDataSource dataSource, ILogger<SchemaMigrator> logger)
{
    // Any number, the same for all: "continuit" as bytes.
    private const long AdvisoryLock = 0x636F6E74696E7569;

    private static readonly string _newest = typeof(SchemaMigrator).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
        .Where(id => id is not null)
        .Max(StringComparer.Ordinal)!;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (await IsCurrentAsync(connection, cancellationToken))
        {
            return;
        }

        // Held by the session: it ends with the connection, also when this process dies.
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({AdvisoryLock})", cancellationToken);
        try
        {
            if (await IsCurrentAsync(connection, cancellationToken))
            {
                return;
            }

            var options = new DbContextOptionsBuilder<ControlPlaneContext>().UseNpgsql(connection).Options;
            await using var context = new ControlPlaneContext(options);
            await context.Database.MigrateAsync(cancellationToken);
            LogMigrated(_newest);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    // Without EF: nearly every start finds a current schema, and need not pay for building EF's model.
    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand(
            """SELECT to_regclass('"__EFMigrationsHistory"') IS NOT NULL""", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return false;
        }

        await using var current = new NpgsqlCommand(
            """SELECT EXISTS (SELECT FROM "__EFMigrationsHistory" WHERE "MigrationId" >= $1)""", connection);
        current.Parameters.Add(new NpgsqlParameter { Value = _newest });
        return await current.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1000, LogLevel.Information, "The database schema is now at {Migration}.")]
    private partial void LogMigrated(string migration);
}
