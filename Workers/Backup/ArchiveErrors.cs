using Continuity.Workers.Files;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Backup;

internal static class ArchiveErrors
{
    /// <summary>Turns what the file system and a damaged archive say into a job's failure.</summary>
    /// <param name="written">The folder that is written: what no other message names concerns it.</param>
    /// <param name="run">The work.</param>
    public static T Translate<T>(string written, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (FileOperationException exception)
        {
            throw exception.ToFailure();
        }
        catch (CorruptArchiveException exception)
        {
            throw new JobFailureException(FailureCodes.ArchiveCorrupt, exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Writing(written, exception);
        }
    }
}
