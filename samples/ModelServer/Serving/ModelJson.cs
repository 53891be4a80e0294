using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Continuity.ModelServer.Chat;
using Continuity.ModelServer.Completions;
using Continuity.ModelServer.Embeddings;
using Continuity.ModelServer.Faults;

namespace Continuity.ModelServer.Serving;

/// <summary>The bodies' JSON, without reflection.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(FaultPlan))]
[JsonSerializable(typeof(ServerVersion))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(float[]))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    /// <summary>
    /// As vLLM writes it: snake case, no nulls unless asked for, characters of several bytes as they are.
    /// </summary>
    public static ModelJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
