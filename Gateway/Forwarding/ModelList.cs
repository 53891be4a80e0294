using System.Text.Json;
using Continuity.Gateway.Authentication;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// Answers <c>GET /v1/models</c> and <c>GET /v1/models/NAME</c>, and what KServe's protocol asks of a server as a
/// whole; any other request below /v1 and /v2 is unknown.
/// </summary>
internal sealed class ModelList(RoutingState routing, Clock clock)
{
    private const string Path = "/v1/models";

    public async Task HandleAsync(HttpContext context)
    {
        var table = routing.Current;
        var refusal = table is null
            ? ApiError.Unavailable("This gateway has no routing snapshot yet.")
            : CallerCheck.Check(context, table, clock, out _);
        if (refusal is not null)
        {
            await refusal.WriteAsync(context);
            return;
        }

        var path = context.Request.Path.Value ?? "";
        if (HttpMethods.IsGet(context.Request.Method) && Answer(path, table!) is { } write)
        {
            await WriteAsync(context, write);
        }
        else
        {
            await new ApiError(
                StatusCodes.Status404NotFound, "invalid_request_error", "unknown_url",
                $"{context.Request.Method} {path} is nothing that this gateway serves.").WriteAsync(context);
        }
    }

    private static Action<Utf8JsonWriter>? Answer(string path, RoutingTable table) => path switch
    {
        Path => json => WriteList(json, table),
        "/v2" => WriteServer,
        "/v2/health/live" => json => WriteYes(json, "live"u8),
        "/v2/health/ready" => json => WriteYes(json, "ready"u8),
        _ when path.StartsWith(Path + "/", StringComparison.Ordinal)
            && table.FindModel(path.AsSpan(Path.Length + 1)) is { } model =>
                json => WriteModel(json, model, table.Snapshot.CreatedAt),
        _ => null,
    };

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        write(json);
        await json.FlushAsync(context.RequestAborted);
    }

    private static void WriteList(Utf8JsonWriter json, RoutingTable table)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in table.Models.OrderBy(model => model.Name, StringComparer.Ordinal))
        {
            WriteModel(json, model, table.Snapshot.CreatedAt);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "continuity"u8);
        json.WriteString("version"u8, typeof(ModelList).Assembly.GetName().Version?.ToString(3));
        json.WriteStartArray("extensions"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteYes(Utf8JsonWriter json, ReadOnlySpan<byte> what)
    {
        json.WriteStartObject();
        json.WriteBoolean(what, true);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ModelRoute model, DateTimeOffset createdAt)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Name);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, createdAt.ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, "continuity"u8);
        if (model.Adapter is not null)
        {
            json.WriteString("parent"u8, model.Pool.Name);
        }

        json.WriteEndObject();
    }
}
