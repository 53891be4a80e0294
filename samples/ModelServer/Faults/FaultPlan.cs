using System.Text.Json.Serialization;

namespace Continuity.ModelServer.Faults;

/// <summary>How the server misbehaves.</summary>
[JsonConverter(typeof(FaultModeConverter))]
internal enum FaultMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Accepts a request and never answers.</summary>
    Hang,

    /// <summary>Every delay is longer by a factor.</summary>
    Slow,

    /// <summary>Answers 503.</summary>
    Unavailable,

    /// <summary>Answers 429 with <c>Retry-After</c>.</summary>
    TooManyRequests,

    /// <summary>Ends the stream properly, but too early and without its closing lines.</summary>
    Cut,

    /// <summary>Resets the connection.</summary>
    Reset,

    /// <summary>Falls silent and keeps the connection.</summary>
    Stall,

    /// <summary>Sends bytes that are no JSON, and ends.</summary>
    Garbage,
}

/// <summary>What goes wrong, from when on, and how often: the body of <c>/faults</c>.</summary>
/// <remarks>
/// Setters, because a generated reader gives init-only properties that a body lacks no default value.
/// </remarks>
internal sealed record FaultPlan
{
    public static FaultPlan None { get; } = new();

    [JsonPropertyName("mode")]
    public FaultMode Mode { get; set; }

    /// <value>For cut, reset, stall and garbage: the tokens that come before it. The default value is 0.</value>
    [JsonPropertyName("afterTokens")]
    public int AfterTokens { get; set; }

    /// <value>For slow: what delays are multiplied by. The default value is 10.</value>
    [JsonPropertyName("factor")]
    public double Factor { get; set; } = 10;

    /// <value>The requests that it happens to before the server is well again; null for all until it is
    /// changed.</value>
    [JsonPropertyName("count")]
    public int? Count { get; set; }

    /// <value>Whether <c>/health</c> and <c>/v1/models</c> answer as if nothing were wrong. The default value is
    /// true.</value>
    [JsonPropertyName("healthStaysUp")]
    public bool HealthStaysUp { get; set; } = true;

    /// <value>Whether the fault happens in the middle of an answer.</value>
    [JsonIgnore]
    public bool BreaksAnswers => Mode is FaultMode.Cut or FaultMode.Reset or FaultMode.Stall or FaultMode.Garbage;

    /// <summary>
    /// What a probe meets: a server that hangs, hangs for it too; any other fault answers it with 503.
    /// </summary>
    public FaultPlan ForProbe() => Mode is FaultMode.None or FaultMode.Hang or FaultMode.Slow
        ? this
        : this with { Mode = FaultMode.Unavailable };
}
