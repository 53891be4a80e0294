using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Completions;

/// <summary><c>/v1/completions</c>: text that goes on after a prompt until it is long enough.</summary>
internal static class CompletionEndpoint
{
    // OpenAI's and vLLM's default.
    private const int DefaultMaxTokens = 16;

    public static void MapCompletions(
        this IEndpointRouteBuilder routes, ModelOptions options, Engine engine, TimeProvider time) =>
        routes.MapPost("/v1/completions", async context =>
        {
            var request = await context.Request.ReadAsync(ModelJson.Wire.CompletionRequest);
            var model = Check(request, options);
            var prompts = RequestFields.Strings(request.Prompt, "prompt");
            ApiException.ThrowIf(prompts.Count == 0, "prompt is missing.", "prompt");
            var header = AnswerHeader.New("cmpl", model, time);
            var (answers, promptTokens) = Answers(request, options, prompts);
            if (request.Stream == true)
            {
                using var stream = new CompletionStream(
                    context.Response, header, request.StreamOptions?.IncludeUsage == true);
                await engine.RunAsync(context, answers, promptTokens, stream);
            }
            else
            {
                var body = new CompletionBody(context.Response, header, answers.Count);
                await engine.RunAsync(context, answers, promptTokens, body);
            }
        });

    private static string Check(CompletionRequest request, ModelOptions options)
    {
        var model = RequestFields.Model(request.Model, options);
        RequestFields.CheckMaxTokens(request.MaxTokens, "max_tokens");
        RequestFields.CheckStreamOptions(request.StreamOptions, request.Stream);
        RequestFields.CheckTemperature(request.Temperature);
        ApiException.ThrowIf(
            request.Logprobs is not null, "logprobs is not supported by this model server.", "logprobs");
        ApiException.ThrowIf(request.Suffix is not null, "suffix is not supported by this model server.", "suffix");
        return model;
    }

    private static (IReadOnlyList<IEnumerable<Delta>> Answers, int PromptTokens) Answers(
        CompletionRequest request, ModelOptions options, IReadOnlyList<string> prompts)
    {
        var stops = RequestFields.Stops(request.Stop);
        var promptTokens = prompts.Sum(prompt => TokenCount.Of(prompt));
        var maxTokens = RequestFields.RoomInContext(options, promptTokens, request.MaxTokens ?? DefaultMaxTokens);
        var answers =
            from prompt in prompts
            from choice in Enumerable.Range(0, RequestFields.Choices(request.N))
            let steps = new Answer(TextSource.After(State(request, options, prompt, choice)), new StopSequences(stops))
            {
                MaxTokens = maxTokens,
            }.Steps()
            select request.Echo == true ? steps.Prepend(new Delta(DeltaKind.Content, prompt, Tokens: 0)) : steps;
        return ([.. answers], promptTokens);
    }

    private static TextState State(CompletionRequest request, ModelOptions options, string prompt, int choice)
    {
        var state = TextState.Start(options.Name, request.Seed ?? 0, choice);
        state.Append(prompt);
        return state;
    }
}
