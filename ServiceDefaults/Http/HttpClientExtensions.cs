using Microsoft.Extensions.DependencyInjection;

namespace Continuity.ServiceDefaults.Http;

/// <summary>How outgoing HTTP is made resilient, and how a client that has a way of its own gets out of it.</summary>
public static class HttpClientExtensions
{
    /// <summary>Takes the default retries, timeouts and circuit breaker off this client.</summary>
    /// <remarks>
    /// For clients that do all that themselves: forwarding with retries on other replicas, long polls.
    /// </remarks>
    public static IHttpClientBuilder WithoutResilience(this IHttpClientBuilder builder)
    {
#pragma warning disable EXTEXP0001 // The only way to undo a default; its shape has been stable since it came.
        return builder.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }

    internal static IHttpClientBuilder AddResilience(this IHttpClientBuilder builder)
    {
        builder.AddStandardResilienceHandler();
        return builder;
    }
}
