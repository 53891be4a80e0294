using System.Text.Json.Serialization;

namespace Continuity.ModelServer.Serving;

/// <summary>OpenAI's error shape.</summary>
internal sealed record ApiError(ApiErrorBody Error);

internal sealed record ApiErrorBody(
    string Message,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Param,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Code);
