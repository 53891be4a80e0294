using Continuity.Gateway.AccessLogs;
using Continuity.Gateway.Admission;
using Continuity.Gateway.Balancing;
using Continuity.Gateway.Idempotency;
using Continuity.Gateway.Streaming;
using Continuity.Gateway.Upstream;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Forwarding;

/// <summary>Registers the way of a request for a model, and puts it first in the pipeline.</summary>
internal static class ForwardingExtensions
{
    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.AddSingleton(new Dice((ulong)Environment.ProcessId));
        services.AddSingleton<ReplicaPicker>();
        services.AddSingleton<UpstreamClient>();
        services.AddHostedService<ConnectionSweeper>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<BufferedRelay>();
        services.AddSingleton<StreamPump>();
        services.AddSingleton<StreamRelay>();
        services.AddSingleton<StreamMetrics>();
        services.AddSingleton<ModelForwarder>();
        services.AddSingleton<ModelFrontDoor>();
        services.AddSingleton<ModelEndpoint>();
        services.AddSingleton<ModelList>();
        services.AddSingleton<RequestIds>();
        services.AddSingleton<ForwardingMetrics>();
        services.AddSingleton<AdmissionMetrics>();
        services.AddSingleton<AdmissionControl>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<IdempotentForwarder>();
        services.AddSingleton<AdmittedForwarder>();
        services.AddSingleton<AccessLog>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessLog>());
        return services;
    }

    /// <summary>Requests for models are taken before routing and its middleware: they are the hot path.</summary>
    public static void UseModels(this WebApplication app)
    {
        var models = app.Services.GetRequiredService<ModelEndpoint>();
        var list = app.Services.GetRequiredService<ModelList>();
        var limit = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.MaxRequestBytes;
        app.Use(next => context =>
        {
            if (Operation.Find(context.Request, out var model) is { } operation)
            {
                return models.HandleAsync(context, operation, model);
            }

            var path = context.Request.Path;
            if (path.StartsWithSegments("/v1") || path.StartsWithSegments("/v2"))
            {
                return list.HandleAsync(context);
            }

            LimitBody(context, limit);
            return next(context);
        });
    }

    private static void LimitBody(HttpContext context, long limit)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limit;
        }
    }
}
