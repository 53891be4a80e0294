using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Continuity.ModelServer.Serving;

/// <summary>Reads and writes bodies; what cannot be read is refused with the name of the field.</summary>
internal static class HttpJson
{
    public static async Task<T> ReadAsync<T>(this HttpRequest request, JsonTypeInfo<T> type)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.BodyReader, type, request.HttpContext.RequestAborted)
                ?? throw ApiException.BadRequest("The body is null, but must be a JSON object.", parameter: null);
        }
        catch (JsonException exception)
        {
            throw ToApiException(exception);
        }
    }

    public static async Task WriteAsync<T>(this HttpResponse response, T body, JsonTypeInfo<T> type)
    {
        response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(response.BodyWriter, body, type, response.HttpContext.RequestAborted);
    }

    public static Task WriteErrorAsync(this HttpResponse response, ApiException error)
    {
        response.StatusCode = error.Status;
        var type = error.Status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error";
        var body = new ApiError(new ApiErrorBody(error.Message, type, error.Parameter, error.Code));
        return response.WriteAsync(body, ModelJson.Wire.ApiError);
    }

    private static ApiException ToApiException(JsonException exception)
    {
        var parameter = exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? path[2..]
            : null;

        // The reader's own exception inside means that the text is no JSON; otherwise a value has the wrong type.
        return (exception.InnerException, parameter) switch
        {
            (JsonException syntax, _) => ApiException.BadRequest($"The body is not valid JSON: {syntax.Message}", null),
            (_, null) => ApiException.BadRequest("The body must be a JSON object.", parameter: null, "invalid_type"),
            _ => ApiException.BadRequest($"The value of '{parameter}' has the wrong type.", parameter, "invalid_type"),
        };
    }
}
