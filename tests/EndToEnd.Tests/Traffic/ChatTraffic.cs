using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace Continuity.EndToEnd.Tests.Traffic;

/// <summary>
/// Chat requests by the official client, every other one streamed, a few at a time. The client itself never retries:
/// what is answered was answered by the gateway.
/// </summary>
internal sealed class ChatTraffic
{
    private const int Prompts = 8;
    private const int Concurrency = 12;

    private readonly ChatClient _client;
    private readonly ConcurrentQueue<ChatOutcome> _outcomes = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _milestones = new();
    private int _started;
    private int _ended;

    public ChatTraffic(Uri server, string key, string model) => _client = Client(server, key, model);

    public IReadOnlyCollection<ChatOutcome> Outcomes => _outcomes;

    /// <summary>The only right answer to each prompt, asked of a replica that nobody disturbs.</summary>
    public static async Task<IReadOnlyList<string>> RightAnswersAsync(Uri replica, string model)
    {
        var client = Client(replica, "none", model);
        var answers = new List<string>();
        for (var number = 0; number < Prompts; number++)
        {
            ChatCompletion answer = await client.CompleteChatAsync(Prompt(number));
            answers.Add(answer.Content[0].Text);
        }

        return answers;
    }

    /// <summary>Sends so many requests, or until it is cancelled; those under way are always waited for.</summary>
    public Task SendAsync(int count, CancellationToken stop = default) =>
        Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => SendInTurnAsync(count, stop)));

    /// <summary>Completes when so many requests have ended.</summary>
    public Task EndedAsync(int count)
    {
        var milestone = _milestones.GetOrAdd(
            count, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Volatile.Read(ref _ended) >= count)
        {
            milestone.TrySetResult();
        }

        return milestone.Task;
    }

    /// <summary>Fails if any request failed that the gateway owed an answer, or was answered wrongly.</summary>
    /// <remarks>
    /// A stream that had begun may end in an error, if that error is told; it may never be wrong or cut.
    /// </remarks>
    public void AssertNothingLost(IReadOnlyList<string> rightAnswers)
    {
        Assert.DoesNotContain(_outcomes, outcome => outcome is { HasFailed: true, IsStreamed: false });
        Assert.DoesNotContain(_outcomes, outcome => outcome is { HasFailed: true, HasBegun: false });
        Assert.DoesNotContain(
            _outcomes, outcome => !outcome.HasFailed && outcome.Text != rightAnswers[outcome.Number % Prompts]);
    }

    private static ChatClient Client(Uri server, string key, string model) => new(
        model,
        new ApiKeyCredential(key),
        new OpenAIClientOptions
        {
            Endpoint = new Uri(server, "/v1"),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });

    private static ChatMessage[] Prompt(int number) => [new UserChatMessage($"Question {number % Prompts}")];

    private async Task SendInTurnAsync(int count, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Interlocked.Increment(ref _started) is var number && number <= count)
        {
            _outcomes.Enqueue(number % 2 == 0 ? await StreamAsync(number) : await CompleteAsync(number));
            if (_milestones.TryGetValue(Interlocked.Increment(ref _ended), out var milestone))
            {
                milestone.TrySetResult();
            }
        }
    }

    private async Task<ChatOutcome> CompleteAsync(int number)
    {
        try
        {
            ChatCompletion answer = await _client.CompleteChatAsync(Prompt(number));
            return new ChatOutcome(number, IsStreamed: false, HasBegun: true, answer.Content[0].Text, Error: null);
        }
        catch (Exception exception)
        {
            return new ChatOutcome(number, IsStreamed: false, HasBegun: false, "", exception.Message);
        }
    }

    private async Task<ChatOutcome> StreamAsync(int number)
    {
        var text = new StringBuilder();
        var reason = default(ChatFinishReason?);
        string? error = null;
        try
        {
            await foreach (var update in _client.CompleteChatStreamingAsync(Prompt(number)))
            {
                text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
                reason = update.FinishReason ?? reason;
            }
        }
        catch (Exception exception)
        {
            error = exception.Message;
        }

        // A stream that just stops, without saying how the answer ended, was lost in silence: never allowed.
        var hasBegun = text.Length > 0 && (error is not null || reason is not null);
        return new ChatOutcome(
            number, IsStreamed: true, hasBegun, text.ToString(), error ?? (reason is null ? "no finish reason" : null));
    }
}
