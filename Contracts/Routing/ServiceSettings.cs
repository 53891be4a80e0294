namespace Continuity.Contracts.Routing;

/// <summary>How a gateway asks a service's replicas whether they live, and when it believes them dead.</summary>
public sealed record HealthSettings
{
    /// <summary>What is asked.</summary>
    /// <value>The default value is "/health".</value>
    public string Path { get; init; } = "/health";

    /// <summary>
    /// Where the engines show their own metrics ("/metrics"): queue depth and cache use then count in choosing.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: they are not asked.</value>
    public string? LoadPath { get; init; }

    /// <summary>How often.</summary>
    /// <value>The default value is 500 milliseconds; zero asks never.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the answer may take.</summary>
    /// <value>The default value is 400 milliseconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How many failures in a row, of requests or of probes, take a replica out.</summary>
    /// <value>The default value is 2.</value>
    public int Failures { get; init; } = 2;

    /// <summary>How long the first ejection lasts; each further one lasts twice as long.</summary>
    /// <value>The default value is 1 second.</value>
    public TimeSpan EjectionTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an ejection lasts at most.</summary>
    /// <value>The default value is 16 seconds.</value>
    public TimeSpan MaxEjectionTime { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>The share of replicas that may be out; when more look dead, all of them are used.</summary>
    /// <value>The default value is 0.5; 0 to 1.</value>
    public double MaxEjectedShare { get; init; } = 0.5;

    /// <summary>
    /// Whether an ejected replica must answer a one-token request before users' requests come back to it.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Canary { get; init; } = true;
}

/// <summary>How requests that a replica failed are tried on others.</summary>
public sealed record RetrySettings
{
    /// <summary>How many replicas a request is tried on before its first byte.</summary>
    /// <value>The default value is 3; 1 to 10.</value>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How many retries there may be for each request.</summary>
    /// <value>The default value is 0.2.</value>
    public double BudgetShare { get; init; } = 0.2;

    /// <summary>
    /// How many retries may come at once on top: the first burst after a crash. Never fewer than there were requests
    /// in flight.
    /// </summary>
    /// <value>The default value is 100.</value>
    public int BudgetFloor { get; init; } = 100;

    /// <summary>When a second replica is asked beside one that hasn't answered.</summary>
    /// <value>The default value is zero: never.</value>
    public TimeSpan HedgeAfter { get; init; }

    /// <summary>How many of the requests may be asked twice.</summary>
    /// <value>The default value is 0.05; 0 to 1.</value>
    public double HedgeShare { get; init; } = 0.05;
}

/// <summary>How streams are kept whole.</summary>
public sealed record StreamSettings
{
    /// <summary>Whether a stream that a replica broke goes on at another one.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Continue { get; init; } = true;

    /// <summary>How many times one stream may go on elsewhere.</summary>
    /// <value>The default value is 5.</value>
    public int MaxContinuations { get; init; } = 5;

    /// <summary>The text kept of a stream, in bytes; a longer one can't be continued.</summary>
    /// <value>The default value is 1 MiB.</value>
    public int MaxTextBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Whether the last word waits until it is complete, so that a stream goes on elsewhere with a whole word: another
    /// replica may cut the rest of half a word into other tokens. Each word then arrives one token later.
    /// </summary>
    /// <value>The default value is <see langword="false"/>: only a part of a character waits.</value>
    public bool HoldWords { get; init; }

    /// <summary>
    /// How unlikely (phi: minus the decimal logarithm of the chance) the silence of a replica must be, by the rhythm of
    /// its chunks, for its streams to go on elsewhere before the stall timeout.
    /// </summary>
    /// <value>The default value is 8; 0 switches it off.</value>
    public double Suspicion { get; init; } = 8;

    /// <summary>The silence below which no replica is suspected.</summary>
    /// <value>The default value is 400 milliseconds.</value>
    public TimeSpan SuspicionFloor { get; init; } = TimeSpan.FromMilliseconds(400);
}

/// <summary>How much a service takes on at a time.</summary>
public sealed record AdmissionSettings
{
    /// <summary>The most requests in flight per replica.</summary>
    /// <value>The default value is 0: no limit.</value>
    public int MaxConcurrencyPerReplica { get; init; }

    /// <summary>Whether the limit is lowered while a replica's latency grows, and raised again when it falls.</summary>
    /// <value>The default value is <see langword="true"/>; it counts only with a limit.</value>
    public bool Adaptive { get; init; } = true;

    /// <summary>How many requests may wait for their turn.</summary>
    /// <value>The default value is 1,000.</value>
    public int QueueLength { get; init; } = 1000;

    /// <summary>How long a request may wait for its turn.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
