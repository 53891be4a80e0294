using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Embeddings;

internal sealed record EmbeddingRequest
{
    public string? Model { get; init; }

    /// <value>A string or a list of strings.</value>
    public JsonElement Input { get; init; }

    public string? EncodingFormat { get; init; }

    public int? Dimensions { get; init; }
}

internal sealed record EmbeddingList(string Object, IReadOnlyList<Embedding> Data, string Model, EmbeddingUsage Usage);

/// <param name="Index">The input's place in the request.</param>
/// <param name="Vector">Numbers, or the same numbers as little-endian floats in base64.</param>
internal sealed record Embedding(int Index, [property: JsonPropertyName("embedding")] JsonElement Vector)
{
    public string Object { get; } = "embedding";
}

internal sealed record EmbeddingUsage(int PromptTokens, int TotalTokens);

/// <summary><c>/v1/embeddings</c>: a unit vector for each text, the same for the same text.</summary>
internal static class EmbeddingEndpoint
{
    private const int DefaultDimensions = 256;
    private const int MaxDimensions = 4096;

    public static void MapEmbeddings(this IEndpointRouteBuilder routes, ModelOptions options) =>
        routes.MapPost("/v1/embeddings", async context =>
        {
            var request = await context.Request.ReadAsync(ModelJson.Wire.EmbeddingRequest);
            await context.Response.WriteAsync(Embed(request, options), ModelJson.Wire.EmbeddingList);
        });

    private static EmbeddingList Embed(EmbeddingRequest request, ModelOptions options)
    {
        var model = RequestFields.Model(request.Model, options);
        var inputs = RequestFields.Strings(request.Input, "input");
        ApiException.ThrowIf(inputs.Count == 0, "input is missing.", "input");
        ApiException.ThrowIf(
            request.Dimensions is < 1 or > MaxDimensions,
            $"dimensions must be from 1 to {MaxDimensions}.", "dimensions");
        ApiException.ThrowIf(
            request.EncodingFormat is not (null or "float" or "base64"),
            "encoding_format must be float or base64.", "encoding_format");

        var isBase64 = request.EncodingFormat == "base64";
        var dimensions = request.Dimensions ?? DefaultDimensions;
        var vectors = inputs.Select((input, index) =>
            new Embedding(index, Encode(Vector(input, options.Name, dimensions), isBase64)));
        var tokens = inputs.Sum(input => TokenCount.Of(input));
        return new EmbeddingList("list", [.. vectors], model, new EmbeddingUsage(tokens, tokens));
    }

    private static float[] Vector(string text, string model, int dimensions)
    {
        var state = TextState.Start(model, seed: 0, choice: 0);
        state.Append(text);
        var vector = new float[dimensions];
        var squares = 0.0;
        for (var i = 0; i < dimensions; i++)
        {
            state.Mix((ulong)i);
            var value = (state.Draw() / (double)ulong.MaxValue * 2) - 1;
            vector[i] = (float)value;
            squares += value * value;
        }

        var length = (float)Math.Sqrt(squares);
        return Array.ConvertAll(vector, value => value / length);
    }

    private static JsonElement Encode(float[] vector, bool isBase64) => isBase64
        ? JsonSerializer.SerializeToElement(
            Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)), ModelJson.Wire.String)
        : JsonSerializer.SerializeToElement(vector, ModelJson.Wire.SingleArray);
}
