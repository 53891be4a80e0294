namespace Continuity.Gateway.Forwarding;

/// <summary>What a request asks of a model, told by its path.</summary>
internal sealed class Operation
{
    public static readonly Operation ChatCompletions = new("chat", 0) { CanContinue = true };
    public static readonly Operation Completions = new("completions", 1) { CanContinue = true };
    public static readonly Operation Embeddings = new("embeddings", 2);
    public static readonly Operation Responses = new("responses", 3);
    public static readonly Operation Messages = new("messages", 4);
    public static readonly Operation KServe = new("kserve", -1);
    public static readonly Operation KServeInquiry = new("kserve-inquiry", -1, HttpMethod.Get);
    public static readonly Operation TensorFlow = new("tensorflow", -1);
    public static readonly Operation TensorFlowInquiry = new("tensorflow-inquiry", -1, HttpMethod.Get);

    /// <summary>The paths whose addresses are prepared per replica, by <see cref="FixedIndex"/>.</summary>
    public static readonly string[] FixedPaths =
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages"];

    private Operation(string name, int fixedIndex, HttpMethod? method = null)
    {
        Name = name;
        FixedIndex = fixedIndex;
        Method = method ?? HttpMethod.Post;
    }

    public string Name { get; }

    public int FixedIndex { get; }

    public HttpMethod Method { get; }

    /// <summary>Whether its streams have a form that another replica can take up.</summary>
    public bool CanContinue { get; private init; }

    /// <summary>Whether the model's name is in the path and not in the body.</summary>
    public bool ModelInPath => FixedIndex < 0;

    /// <summary>Finds what a request asks for, and the model where the path names it.</summary>
    public static Operation? Find(HttpRequest request, out string? model)
    {
        model = null;
        var path = request.Path.Value;
        if (path is null || path.Length < 4)
        {
            return null;
        }

        return HttpMethods.IsPost(request.Method)
            ? path switch
            {
                "/v1/chat/completions" => ChatCompletions,
                "/v1/completions" => Completions,
                "/v1/embeddings" => Embeddings,
                "/v1/responses" => Responses,
                "/v1/messages" => Messages,
                _ => ModelPath.Find(path, isGet: false, out model),
            }
            : HttpMethods.IsGet(request.Method) ? ModelPath.Find(path, isGet: true, out model) : null;
    }
}
