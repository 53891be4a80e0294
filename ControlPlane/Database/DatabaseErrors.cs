using Npgsql;

namespace Continuity.ControlPlane.Database;

/// <summary>What an exception says about the database, for those that go on without it and try again.</summary>
public static class DatabaseErrors
{
    private const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>
    /// Whether the database is out of reach (or a commit's fate unknown), rather than asked for something wrong.
    /// </summary>
    public static bool IsAway(Exception exception) => exception
        is NpgsqlException and not PostgresException
        or TimeoutException
        or IOException
        || exception is NpgsqlException refused && IsTransient(refused);

    /// <summary>
    /// Whether the same may well succeed when it is tried again, also where a transaction ended because this process
    /// stood still in it.
    /// </summary>
    public static bool IsTransient(NpgsqlException exception) => exception.IsTransient
        || exception is PostgresException { SqlState: IdleInTransactionSessionTimeout };

    /// <summary>Whether the database is out of reach or refused what it was asked.</summary>
    public static bool IsFailure(Exception exception) => exception is NpgsqlException || IsAway(exception);
}
