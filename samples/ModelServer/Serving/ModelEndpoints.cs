namespace Continuity.ModelServer.Serving;

internal sealed record ModelList(string Object, IReadOnlyList<ModelCard> Data);

internal sealed record ModelCard(string Id, string Object, long Created, string OwnedBy, string Root, int MaxModelLen);

internal sealed record ServerVersion(string Version);

/// <summary>
/// What a server tells about itself: <c>/health</c>, <c>/v1/models</c>, <c>/metrics</c>, <c>/version</c>.
/// </summary>
internal static class ModelEndpoints
{
    public static void MapModel(
        this IEndpointRouteBuilder routes, ModelOptions options, EngineMetrics metrics, TimeProvider time)
    {
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        var model = new ModelCard(options.Name, "model", created, "continuity", options.Name, options.ContextLength);
        var version = typeof(ModelEndpoints).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

        routes.MapGet("/health", _ => Task.CompletedTask);
        routes.MapGet("/v1/models", context =>
            context.Response.WriteAsync(new ModelList("list", [model]), ModelJson.Wire.ModelList));
        routes.MapGet("/v1/models/{**id}", context => context.Request.RouteValues["id"] is string id && id == model.Id
            ? context.Response.WriteAsync(model, ModelJson.Wire.ModelCard)
            : throw ApiException.UnknownModel($"{context.Request.RouteValues["id"]}"));
        routes.MapGet("/version", context =>
            context.Response.WriteAsync(new ServerVersion(version), ModelJson.Wire.ServerVersion));
        routes.MapGet("/metrics", context =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(metrics.Expose(), context.RequestAborted);
        });
    }
}
