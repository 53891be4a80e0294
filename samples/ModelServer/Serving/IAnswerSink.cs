using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Serving;

/// <summary>Where the steps of a request's answers go: into events as they come, or into one body at the end.</summary>
internal interface IAnswerSink
{
    /// <summary>Whether the client sees each step at once.</summary>
    bool IsStreaming { get; }

    void Write(int choice, Delta delta);

    /// <summary>Writes what comes after the last step.</summary>
    Task CompleteAsync(Usage usage);
}
