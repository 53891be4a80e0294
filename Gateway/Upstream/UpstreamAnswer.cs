namespace Continuity.Gateway.Upstream;

/// <summary>A replica's answer whose head has arrived; its body comes by reading.</summary>
/// <remarks>Disposing it gives its connection back when the whole body was read, and ends it otherwise.</remarks>
internal abstract class UpstreamAnswer : IDisposable
{
    public abstract int Status { get; }

    /// <summary>The length that the replica declared, where it did.</summary>
    public abstract long? Length { get; }

    /// <summary>The content type as it was sent; empty when it was not.</summary>
    public abstract string ContentType { get; }

    /// <summary>Copies the headers that go through to a client.</summary>
    public abstract void CopyHeaders(IHeaderDictionary to);

    /// <summary>Nobody will ask for the headers: the client has another answer's.</summary>
    public virtual void SkipHeaders()
    {
    }

    /// <summary>Reads what has come of the body, at least a byte.</summary>
    /// <returns>How much was read; 0 at the body's end, as its framing tells it.</returns>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer);

    public abstract void Dispose();
}
