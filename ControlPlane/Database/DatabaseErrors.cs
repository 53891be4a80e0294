using Npgsql;

namespace Continuity.ControlPlane.Database;

/// <summary>What an exception says about the database, for those that go on without it and try again.</summary>
public static class DatabaseErrors
{
    /// <summary>
    /// Whether the database is out of reach (or a commit's fate unknown), rather than asked for something wrong.
    /// </summary>
    public static bool IsAway(Exception exception) => exception
        is NpgsqlException { IsTransient: true }
        or NpgsqlException and not PostgresException
        or TimeoutException
        or IOException;

    /// <summary>Whether the database is out of reach or refused what it was asked.</summary>
    public static bool IsFailure(Exception exception) => exception is NpgsqlException || IsAway(exception);
}
