namespace Continuity.Gateway.Forwarding;

/// <summary>
/// Paths that name a model: <c>/v2/models/NAME[/versions/V]/infer</c> (KServe v2, Triton) and
/// <c>/v1/models/NAME[/versions/V]:predict</c> (TensorFlow Serving), and what else is asked of a model there.
/// </summary>
internal static class ModelPath
{
    private const string Prefix = "/vN/models/";

    /// <summary>The operation that a path stands for, and the model's name in it.</summary>
    public static Operation? Find(string path, bool isGet, out string? model)
    {
        model = null;
        if (path.Length <= Prefix.Length || path[1] != 'v' || path.AsSpan(3, 8) is not "/models/")
        {
            return null;
        }

        var end = NameEnd(path);
        var rest = path.AsSpan(end);
        var found = (path[2], isGet) switch
        {
            ('2', true) => Operation.KServeInquiry,
            ('2', false) => rest[(rest.LastIndexOf('/') + 1)..] is "infer" or "generate" ? Operation.KServe : null,

            // A model alone is asked for by clients of OpenAI's; only the rest is TensorFlow Serving's.
            ('1', true) => rest is "/metadata" || rest.StartsWith("/versions/") ? Operation.TensorFlowInquiry : null,
            ('1', false) => rest[(rest.LastIndexOf(':') + 1)..] is "predict" or "classify" or "regress"
                ? Operation.TensorFlow
                : null,
            _ => null,
        };
        model = found is not null && end > Prefix.Length ? path[Prefix.Length..end] : null;
        return model is null ? null : found;
    }

    /// <summary>The same path with another name for the model.</summary>
    public static string Rename(string path, string model) =>
        string.Concat(path.AsSpan(0, Prefix.Length), Uri.EscapeDataString(model), path.AsSpan(NameEnd(path)));

    // A colon belongs to the name ("llama3:8b") unless it begins TensorFlow Serving's verb, at the end.
    private static int NameEnd(string path)
    {
        var slash = path.IndexOf('/', Prefix.Length);
        var end = slash < 0 ? path.Length : slash;
        var colon = path.LastIndexOf(':');
        return path[2] == '1' && colon > Prefix.Length && colon < end ? colon : end;
    }
}
