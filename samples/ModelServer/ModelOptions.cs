namespace Continuity.ModelServer;

/// <summary>What this server calls itself and how fast it answers: the section <c>Model</c>.</summary>
internal sealed class ModelOptions
{
    public const string Section = "Model";

    /// <value>The model that requests must name. The default value is <c>sample-chat</c>.</value>
    public string Name { get; set; } = "sample-chat";

    /// <value>The site that the server stands in, for its metrics. The default value is empty.</value>
    public string Site { get; set; } = "";

    /// <value>This replica's id, given in the header <c>x-served-by</c>. The default value is <c>model</c>.</value>
    public string Replica { get; set; } = "model";

    /// <value>The time before the first token. The default value is zero.</value>
    public TimeSpan FirstTokenDelay { get; set; }

    /// <value>The time between tokens. The default value is zero.</value>
    public TimeSpan TokenDelay { get; set; }

    /// <value>The tokens of a chat answer that nothing ends earlier. The default value is 128; at least 1.</value>
    public int Tokens { get; set; } = 128;

    /// <value>Tokens of <c>reasoning_content</c> before each chat answer. The default value is 0: none.</value>
    public int Reasoning { get; set; }

    /// <value>Requests that are worked on at a time; more of them wait. The default value is 0: no limit.</value>
    public int MaxConcurrency { get; set; }

    /// <value>Tokens of prompt and answer together. The default value is 131072.</value>
    public int ContextLength { get; set; } = 131_072;

    /// <summary>What is wrong with the values, a sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return "Model:Name is empty; name the model that requests ask for.";
        }

        if (FirstTokenDelay < TimeSpan.Zero || TokenDelay < TimeSpan.Zero)
        {
            yield return "Model:FirstTokenDelay and Model:TokenDelay must not be negative.";
        }

        if (Tokens < 1 || Reasoning < 0 || MaxConcurrency < 0 || ContextLength < 1)
        {
            yield return "Model:Tokens and Model:ContextLength must be at least 1,"
                + " Model:Reasoning and Model:MaxConcurrency at least 0.";
        }
    }
}
