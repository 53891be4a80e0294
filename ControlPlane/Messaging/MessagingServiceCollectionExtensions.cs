using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Continuity.ControlPlane.Messaging;

/// <summary>Registers publishing and consuming. Both need <c>AddControlPlane</c> and the Kafka clients.</summary>
public static class MessagingServiceCollectionExtensions
{
    /// <summary>Publishes the outbox from this process; of several that do, one at a time works.</summary>
    public static IServiceCollection AddOutboxPublisher(this IServiceCollection services)
    {
        services.AddOptions<OutboxOptions>()
            .BindConfiguration(OutboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddNotifications();
        services.TryAddSingleton<MessagingMetrics>();
        services.TryAddSingleton<OutboxRelay>();
        services.AddHostedService<OutboxPublisher>();
        return services;
    }

    /// <summary>Handles a topic's messages with <typeparamref name="THandler"/>, each once.</summary>
    public static IServiceCollection AddMessageHandler<THandler>(this IServiceCollection services)
        where THandler : class, IMessageHandler
    {
        services.AddOptions<InboxOptions>()
            .BindConfiguration(InboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<MessagingMetrics>();
        services.TryAddSingleton<Inbox>();
        services.TryAddSingleton<MessageProcessor>();
        services.TryAddSingleton<THandler>();
        services.AddHostedService<MessageConsumer<THandler>>();
        services.AddHostedService<InboxSweeper<THandler>>();
        return services;
    }
}
