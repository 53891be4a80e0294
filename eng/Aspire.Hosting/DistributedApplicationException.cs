namespace Aspire.Hosting;

/// <summary>
/// The application cannot be built or run as asked; the message is one sentence for the person who asked.
/// </summary>
public sealed class DistributedApplicationException : Exception
{
    public DistributedApplicationException()
    {
    }

    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    public DistributedApplicationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
