using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace Continuity.Demo;

/// <summary>Chat requests by the official client, every second one streamed, until told to stop.</summary>
internal sealed class ChatLoad(Uri gateway, string key, string model)
{
    private const int Clients = 8;

    private readonly ConcurrentBag<ChatOutcome> _outcomes = [];
    private readonly ChatClient _client = CreateClient(gateway, key, model);

    public IReadOnlyCollection<ChatOutcome> Outcomes => _outcomes;

    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(client => RunClientAsync(client, stop)));

    // Stopping is asked between two requests: one that was sent is always waited for and counted.
    private async Task RunClientAsync(int client, CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var streamed = number % 2 == 1;
            var started = Stopwatch.GetTimestamp();
            var error = await TrySendAsync($"Request {number} of client {client}", streamed);
            _outcomes.Add(new ChatOutcome(streamed, Stopwatch.GetElapsedTime(started), error));
        }
    }

    private async Task<string?> TrySendAsync(string prompt, bool streamed)
    {
        try
        {
            var text = streamed ? await StreamAsync(prompt) : await CompleteAsync(prompt);
            return text.Length > 0 ? null : "The answer was empty.";
        }
        catch (Exception exception) when (exception is ClientResultException or HttpRequestException or IOException)
        {
            return exception.Message;
        }
    }

    private async Task<string> CompleteAsync(string prompt)
    {
        ChatCompletion completion = await _client.CompleteChatAsync([new UserChatMessage(prompt)]);
        return completion.Content[0].Text;
    }

    private async Task<string> StreamAsync(string prompt)
    {
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        await foreach (var update in _client.CompleteChatStreamingAsync([new UserChatMessage(prompt)]))
        {
            finish = update.FinishReason ?? finish;
            foreach (var part in update.ContentUpdate)
            {
                text.Append(part.Text);
            }
        }

        return finish is null ? throw new IOException("The stream ended without a finish reason.") : text.ToString();
    }

    // No retries by the client: what is counted is what the gateway did.
    private static ChatClient CreateClient(Uri gateway, string key, string model) =>
        new(model, new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(gateway, "/v1"),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = TimeSpan.FromSeconds(60),
        });
}

/// <summary>What became of one chat request.</summary>
/// <param name="Streamed">Whether it was asked for as a stream.</param>
/// <param name="Took">From sending to the last byte.</param>
/// <param name="Error">Why it failed; <see langword="null"/> when it did not.</param>
internal sealed record ChatOutcome(bool Streamed, TimeSpan Took, string? Error);
