using Continuity.Workers.Jobs;

namespace Continuity.Workers.Files;

/// <summary>
/// What an error of the file system means for a job: worth another try, or a sentence for whoever must act.
/// </summary>
internal static class FileErrors
{
    private const int Interrupted = 4;
    private const int InputOutput = 5;
    private const int TryAgain = 11;
    private const int Busy = 16;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int TooManyFiles = 24;
    private const int Stale = 116;
    private const int TimedOut = 110;
    private const int QuotaExceeded = 122;

    public static bool IsTransient(Exception exception) => exception is IOException
    {
        HResult: Interrupted or InputOutput or TryAgain or Busy or TooManyFiles or Stale or TimedOut,
    };

    public static bool IsMissing(Exception exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException or IOException { HResult: Posix.NoEntry };

    /// <summary>A failure to read below the source.</summary>
    public static JobFailureException Reading(string path, Exception exception) => exception switch
    {
        _ when IsTransient(exception) => new(
            FailureCodes.InputOutput,
            $"Reading '{path}' failed, also when tried again: {exception.Message} Check the disk or the network share.",
            exception),
        _ => new(
            FailureCodes.SourceUnreadable,
            $"'{path}' cannot be read: {exception.Message} Give the worker's user the right to read it.",
            exception),
    };

    /// <summary>A failure to write below the target.</summary>
    public static JobFailureException Writing(string path, Exception exception) => exception switch
    {
        IOException { HResult: NoSpace or QuotaExceeded } => new(
            FailureCodes.DiskFull,
            $"The file system or quota that holds '{path}' is full. Free space there; what was copied so far is kept.",
            exception),
        IOException { HResult: ReadOnly } => new(
            FailureCodes.TargetNotWritable,
            $"'{path}' is on a file system that is mounted read-only. Mount it writable, or choose another target.",
            exception),
        _ when IsTransient(exception) => new(
            FailureCodes.InputOutput,
            $"Writing '{path}' failed, also when tried again: {exception.Message} Check the disk or the network share.",
            exception),
        _ => new(
            FailureCodes.TargetNotWritable,
            $"'{path}' cannot be written: {exception.Message} "
                + "Give the worker's user the right to write there, or remove what stands in its place.",
            exception),
    };
}
