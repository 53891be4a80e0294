using System.Text;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Capabilities;

/// <summary>Finds out, by a few harmless questions, how a replica's broken streams can be taken up.</summary>
internal sealed class ContinuationProbe(UpstreamClient client)
{
    private const int MaxAnswerBytes = 256 * 1024;

    // The question that tells: an engine that knows the fields refuses the contradiction and names it (vLLM since
    // 0.6.3, llama.cpp since 2026); one that doesn't know them answers as if they weren't there.
    private const string Contradiction =
        "\"messages\":[{\"role\":\"user\",\"content\":\"ping\"},{\"role\":\"assistant\",\"content\":\"po\"}],"
        + "\"max_tokens\":1,\"continue_final_message\":true,\"add_generation_prompt\":true";

    /// <summary>What the replica can do, or nothing when it could not be asked.</summary>
    public async Task<ContinuationSupport?> AskAsync(
        ServicePool pool, Replica replica, CancellationToken cancellationToken)
    {
        var models = await GetAsync(replica, "/v1/models", cancellationToken);
        if (models is { IsSuccess: true } && EngineSigns.ContinuesBegunAnswers(models.Value.Text))
        {
            return ContinuationSupport.FinalMessage;
        }

        var model = JsonSerializer.Serialize(replica.Route.UpstreamModel ?? pool.Name);
        var chat = await PostAsync(
            replica, "/v1/chat/completions", $"{{\"model\":{model},{Contradiction}}}", cancellationToken);
        if (chat is { Status: 400 or 422, Text: var refusal }
            && refusal.Contains("continue_final_message", StringComparison.Ordinal))
        {
            return ContinuationSupport.FinalMessage;
        }

        // Text Generation Inference goes on with a last message of the assistant's by itself, and tells who it is here.
        var info = await GetAsync(replica, "/info", cancellationToken);
        if (info is { IsSuccess: true } && EngineSigns.IsTextGenerationInference(info.Value.Text))
        {
            return ContinuationSupport.FinalMessage;
        }

        var completion = await PostAsync(
            replica, "/v1/completions", $"{{\"model\":{model},\"prompt\":\"ping\",\"max_tokens\":1}}",
            cancellationToken);
        return completion is { IsSuccess: true } && EngineSigns.IsCompletion(completion.Value.Text)
            ? ContinuationSupport.Completions
            : IsUncertain(models) || IsUncertain(chat) || IsUncertain(completion) ? null : ContinuationSupport.None;
    }

    private static bool IsUncertain(Answer? answer) => answer is not { Status: < 500 and not 429 };

    private Task<Answer?> GetAsync(Replica replica, string path, CancellationToken cancellationToken) =>
        SendAsync(
            replica, new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Route.Address, path)), cancellationToken);

    private Task<Answer?> PostAsync(Replica replica, string path, string body, CancellationToken cancellationToken) =>
        SendAsync(
            replica,
            new HttpRequestMessage(HttpMethod.Post, new Uri(replica.Route.Address, path))
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            },
            cancellationToken);

    private async Task<Answer?> SendAsync(
        Replica replica, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            using (message)
            {
                using var response = await client.SendAsync(replica, message, cancellationToken);
                return new Answer((int)response.StatusCode, await ReadAsync(response, cancellationToken));
            }
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            return null;
        }
    }

    // What is looked for stands at the beginning, and a server that answers without end must not fill the memory.
    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxAnswerBytes];
        var read = await stream.ReadAtLeastAsync(
            buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    private readonly record struct Answer(int Status, string Text)
    {
        public bool IsSuccess => Status is >= 200 and < 300;
    }
}
