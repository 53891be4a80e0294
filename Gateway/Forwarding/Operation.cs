namespace Continuity.Gateway.Forwarding;

/// <summary>What a request asks of a model, told by its path.</summary>
internal sealed class Operation
{
    public static readonly Operation ChatCompletions = new("chat", 0, canContinue: true);
    public static readonly Operation Completions = new("completions", 1, canContinue: true);
    public static readonly Operation Embeddings = new("embeddings", 2);
    public static readonly Operation Responses = new("responses", 3);
    public static readonly Operation Messages = new("messages", 4);
    public static readonly Operation KServe = new("kserve", -1);
    public static readonly Operation TensorFlow = new("tensorflow", -1);

    /// <summary>The paths whose addresses are prepared per replica, by <see cref="FixedIndex"/>.</summary>
    public static readonly string[] FixedPaths =
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages"];

    private Operation(string name, int fixedIndex, bool canContinue = false)
    {
        Name = name;
        FixedIndex = fixedIndex;
        CanContinue = canContinue;
    }

    public string Name { get; }

    public int FixedIndex { get; }

    /// <summary>Whether its streams have a form that another replica can take up.</summary>
    public bool CanContinue { get; }

    /// <summary>Whether the model's name is in the path and not in the body.</summary>
    public bool ModelInPath => FixedIndex < 0;

    /// <summary>Finds the operation of a POST, and the model where the path names it.</summary>
    public static Operation? Find(PathString path, out string? model)
    {
        model = null;
        var text = path.Value;
        if (text is null || text.Length < 4)
        {
            return null;
        }

        return text switch
        {
            "/v1/chat/completions" => ChatCompletions,
            "/v1/completions" => Completions,
            "/v1/embeddings" => Embeddings,
            "/v1/responses" => Responses,
            "/v1/messages" => Messages,
            _ => FindByModelPath(text, out model),
        };
    }

    // /v2/models/NAME[/versions/V]/infer (KServe v2, Triton) and /v1/models/NAME[/versions/V]:predict (TensorFlow
    // Serving).
    private static Operation? FindByModelPath(string path, out string? model)
    {
        const string Prefix = "/vN/models/";
        model = null;
        if (path.Length <= Prefix.Length || path.AsSpan(3, 8) is not "/models/" || path[1] != 'v')
        {
            return null;
        }

        var rest = path.AsSpan(Prefix.Length);
        var kserve = path[2] == '2';
        var verbAt = kserve ? rest.LastIndexOf('/') : rest.LastIndexOf(':');
        if (verbAt <= 0)
        {
            return null;
        }

        var verb = rest[(verbAt + 1)..];
        var known = kserve ? verb is "infer" : path[2] == '1' && verb is "predict" or "classify" or "regress";
        var nameEnd = rest[..verbAt].IndexOf('/');
        model = known ? rest[..(nameEnd < 0 ? verbAt : nameEnd)].ToString() : null;
        return !known ? null : kserve ? KServe : TensorFlow;
    }
}
