using System.IO.Pipelines;

namespace Continuity.Gateway.Forwarding;

/// <summary>How long a client may take to send a body.</summary>
internal sealed class BodyPatience(TimeSpan limit, TimeProvider time)
{
    /// <summary>Ends the reader's waiting when the time is over; what it then returns is marked as cancelled.</summary>
    public ITimer Watch(PipeReader reader) => time.CreateTimer(
        static state => ((PipeReader)state!).CancelPendingRead(), reader, limit, Timeout.InfiniteTimeSpan);

    public BadHttpRequestException Exhausted() => new(
        $"The body did not arrive within {limit.TotalSeconds:0.#} s.", StatusCodes.Status408RequestTimeout);
}
