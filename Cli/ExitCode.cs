namespace Continuity.Cli;

/// <summary>What the program's exit codes mean; scripts rely on them, so a number is never given a new
/// meaning.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command failed for a reason that has no number of its own.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a setting is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Done, but some files couldn't be read or restored as they were; they are listed.</summary>
    public const int Partial = 3;

    /// <summary>The repository is damaged.</summary>
    public const int Damaged = 4;

    /// <summary>What was to be backed up isn't a whole checkpoint; no snapshot was made.</summary>
    public const int IncompleteCheckpoint = 5;

    /// <summary>A command before or after the backup failed; if the one before, no snapshot was made.</summary>
    public const int HookFailed = 6;

    /// <summary>The reliability model is wrong; every error is named with its line.</summary>
    public const int InvalidModel = 7;

    /// <summary>There is no repository at the location.</summary>
    public const int NoRepository = 10;

    /// <summary>The passphrase or key file opens none of the repository's keys.</summary>
    public const int WrongKey = 12;

    /// <summary>The store couldn't be reached, or refused; trying again later may help.</summary>
    public const int StoreUnavailable = 13;

    /// <summary>The repository was written by a newer version of this program.</summary>
    public const int NewerFormat = 14;

    /// <summary>Interrupted (SIGINT).</summary>
    public const int Interrupted = 130;
}
