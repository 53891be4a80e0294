using Npgsql;

namespace Continuity.Workers.Jobs;

internal static class DatabaseErrors
{
    /// <summary>
    /// Whether the database is out of reach (or a commit's fate unknown), rather than asked for something wrong.
    /// </summary>
    public static bool IsAway(Exception exception) => exception
        is NpgsqlException { IsTransient: true }
        or NpgsqlException and not PostgresException
        or TimeoutException
        or IOException;
}
