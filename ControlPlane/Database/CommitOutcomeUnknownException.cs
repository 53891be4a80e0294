namespace Continuity.ControlPlane.Database;

/// <summary>The connection broke while a commit was on its way: it may have happened or not.</summary>
public sealed class CommitOutcomeUnknownException(Exception cause) : IOException(
    "The connection to PostgreSQL broke during a commit, so whether the change was stored is unknown. "
    + "Read the state before deciding; repeating a request with the same idempotency key is safe.",
    cause);
