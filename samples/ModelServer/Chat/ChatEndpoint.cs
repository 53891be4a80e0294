using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Chat;

/// <summary><c>/v1/chat/completions</c>.</summary>
internal static class ChatEndpoint
{
    public static void MapChat(
        this IEndpointRouteBuilder routes, ModelOptions options, Engine engine, TimeProvider time) =>
        routes.MapPost("/v1/chat/completions", async context =>
        {
            var request = await context.Request.ReadAsync(ModelJson.Wire.ChatRequest);
            var model = Check(request, options);
            var header = AnswerHeader.New("chatcmpl", model, time);
            var choices = RequestFields.Choices(request.N);
            var (answers, promptTokens) = Answers(request, options, choices);
            if (request.Stream == true)
            {
                using var stream = new ChatStream(
                    context.Response, header, choices, request.StreamOptions?.IncludeUsage == true);
                await engine.RunAsync(context, answers, promptTokens, stream);
            }
            else
            {
                await engine.RunAsync(context, answers, promptTokens, new ChatBody(context.Response, header, choices));
            }
        });

    private static string Check(ChatRequest request, ModelOptions options)
    {
        var model = RequestFields.Model(request.Model, options);
        RequestFields.CheckMaxTokens(request.MaxTokens, "max_tokens");
        RequestFields.CheckMaxTokens(request.MaxCompletionTokens, "max_completion_tokens");
        RequestFields.CheckStreamOptions(request.StreamOptions, request.Stream);
        RequestFields.CheckTemperature(request.Temperature);
        ApiException.ThrowIf(request.Logprobs == true, "logprobs is not supported by this model server.", "logprobs");
        ApiException.ThrowIf(
            request.ResponseFormat?.Type is not (null or "text"),
            "response_format other than text is not supported by this model server.", "response_format");
        return model;
    }

    private static (IReadOnlyList<IEnumerable<Delta>> Answers, int PromptTokens) Answers(
        ChatRequest request, ModelOptions options, int choices)
    {
        var prompt = ChatPrompt.Of(request);
        var stops = RequestFields.Stops(request.Stop);
        var function = ToolCall.Required(request);
        var states = Enumerable.Range(0, choices).Select(choice => State(request, options, prompt, choice)).ToList();
        var sources = states.ConvertAll(state => TextSource.Answer(state, prompt.Begun));
        var promptTokens = prompt.Tokens + sources[0].BegunTokens;
        var maxTokens = RequestFields.RoomInContext(
            options, promptTokens, request.MaxCompletionTokens ?? request.MaxTokens);
        var answers = function is not null
            ? states.ConvertAll(state => new ToolCall(function, state).Steps(maxTokens))
            : sources.ConvertAll(source => new Answer(source, new StopSequences(stops))
            {
                MaxTokens = maxTokens,
                NaturalEnd = request.IgnoreEos == true ? null : options.Tokens,
                Reasoning = prompt.Begun.Length == 0 ? Reasoning(states[0], options) : null,
            }.Steps());
        return (answers, promptTokens);
    }

    private static TextState State(ChatRequest request, ModelOptions options, ChatPrompt prompt, int choice)
    {
        var state = TextState.Start(options.Name, request.Seed ?? 0, choice);
        foreach (var tool in request.Tools ?? [])
        {
            state.Append(tool.Function?.Name);
        }

        state.Append(prompt.Text);
        return state;
    }

    // Thoughts are a text beside the answer: the answer does not depend on them, so it can be continued without them.
    private static (TextSource Source, int Tokens)? Reasoning(TextState state, ModelOptions options)
    {
        if (options.Reasoning == 0)
        {
            return null;
        }

        state.Append("<|think|>");
        return (TextSource.Answer(state, begun: ""), options.Reasoning);
    }
}
