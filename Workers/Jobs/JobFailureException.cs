namespace Continuity.Workers.Jobs;

/// <summary>
/// The job cannot be done as things are: a code for programs, and a sentence that says what to do about it.
/// </summary>
/// <param name="code">One of <see cref="FailureCodes"/>.</param>
/// <param name="message">What, where, and the next step.</param>
/// <param name="innerException">What the file system said.</param>
internal sealed class JobFailureException(string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public string Code { get; } = code;

    /// <summary>Whether trying the same again later can help. Where somebody must act first, it cannot.</summary>
    public bool MayPass => Code is FailureCodes.InputOutput or FailureCodes.FileBusy or FailureCodes.FenceBusy;
}
