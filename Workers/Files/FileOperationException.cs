using Continuity.Workers.Jobs;

namespace Continuity.Workers.Files;

/// <summary>An operation on one file failed; says on which side, so that the message can tell what to do.</summary>
internal sealed class FileOperationException(string path, bool writing, Exception innerException)
    : Exception($"{(writing ? "Writing" : "Reading")} '{path}' failed: {innerException.Message}", innerException)
{
    public bool IsTransient => FileErrors.IsTransient(InnerException!);

    public bool IsMissingSource => !writing && FileErrors.IsMissing(InnerException!);

    public JobFailureException ToFailure() =>
        writing ? FileErrors.Writing(path, InnerException!) : FileErrors.Reading(path, InnerException!);

    public static T Reading<T>(string path, Func<T> operation) => Attempt(path, writing: false, operation);

    public static T Writing<T>(string path, Func<T> operation) => Attempt(path, writing: true, operation);

    private static T Attempt<T>(string path, bool writing, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileOperationException(path, writing, exception);
        }
    }
}
