using Continuity.Contracts.Routing;
using Continuity.Gateway.Authentication;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>One request of a client's on its way through: what is known of it, and what has been tried.</summary>
internal sealed class Exchange(HttpContext context, Operation operation)
{
    private const int MaxTried = 16;
    private Replica?[]? _tried;
    private Replica? _firstTried;
    private int _triedCount;

    public HttpContext Context => context;

    public Operation Operation => operation;

    public Caller Caller { get; private set; } = null!; // Set before anything is forwarded.

    /// <summary>What was in force when the request came: it holds to its end.</summary>
    public RoutingTable Table { get; private set; } = null!; // Set with the caller.

    public TenantRoute? Tenant { get; private set; }

    public CancellationToken Aborted { get; } = context.RequestAborted;

    public required string RequestId { get; init; }

    public required long StartedAt { get; init; }

    /// <summary>When the caller stops waiting (the gateway clock's timestamp).</summary>
    public long Deadline { get; set; }

    public RequestBody? Body { get; set; }

    public RequestFacts Facts { get; set; }

    public ModelRoute Model { get; set; } = null!; // Set before anything is forwarded.

    public ServicePool Pool => Model.Pool;

    /// <summary>How many replicas were asked, hedges included.</summary>
    public int Attempts { get; set; }

    /// <summary>How many were asked in vain since the request, or its latest continuation, began.</summary>
    public int RoundAttempts { get; set; }

    public int Continuations { get; private set; }

    /// <summary>Whether it ended in an error in the middle of its stream.</summary>
    public bool StreamBroken { get; set; }

    /// <summary>Whether only replicas that can take up a begun answer may be asked.</summary>
    public bool NeedsContinuation { get; private set; }

    /// <summary>Whether its stream may go on elsewhere, as far as its form and its sender's wishes go.</summary>
    public bool MayContinue { get; set; }

    /// <summary>How the latest attempt failed.</summary>
    public Failure? LastFailure { get; set; }

    /// <summary>The code of the error that the client got in the place of an answer.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>The replica whose answer the client gets, or got last.</summary>
    public Replica? AnsweredBy { get; set; }

    /// <summary>The tokens that the answer says were used; 0 while unknown.</summary>
    public long UsedTokens { get; set; }

    public long FirstByteAt { get; set; }

    public ReadOnlySpan<Replica?> Tried =>
        _tried is not null ? _tried.AsSpan(0, _triedCount) : new ReadOnlySpan<Replica?>(ref _firstTried)[.._triedCount];

    public void Identify(Caller caller, RoutingTable table)
    {
        Caller = caller;
        Table = table;
        Tenant = table.Tenants.GetValueOrDefault(caller.Tenant);
    }

    public void MarkTried(Replica replica)
    {
        if (_triedCount == 0)
        {
            _firstTried = replica;
            _triedCount = 1;
            return;
        }

        _tried ??= StartList();
        if (_triedCount < MaxTried)
        {
            _tried[_triedCount++] = replica;
        }
    }

    /// <summary>
    /// This gateway ended the attempt itself, on a verdict: it is not held against the request, within reason.
    /// </summary>
    public void ForgiveAttempt()
    {
        const int Reason = 10;
        RoundAttempts -= Attempts < Reason ? 1 : 0;
    }

    /// <summary>A begun answer is to go on: all replicas may be asked again but the one that just failed.</summary>
    public void BeginContinuation(Replica failed, bool hasText)
    {
        Continuations++;
        RoundAttempts = 0;
        NeedsContinuation = hasText;
        _triedCount = 0;
        MarkTried(failed);
    }

    private Replica?[] StartList()
    {
        var list = new Replica?[MaxTried];
        list[0] = _firstTried;
        return list;
    }
}

/// <summary>How an attempt failed.</summary>
/// <param name="Outcome">The kind, as it is counted.</param>
/// <param name="Reason">A sentence for operators.</param>
/// <param name="Status">The status that the replica answered; 0 when it did not.</param>
internal sealed record Failure(Health.Outcome Outcome, string Reason, int Status = 0)
{
    /// <summary>Whether it says something about the replica, and not about the caller.</summary>
    public bool IsReplicasFault =>
        Outcome is not (Health.Outcome.Abandoned or Health.Outcome.Moved)
            && Status != StatusCodes.Status429TooManyRequests;

    /// <summary>Whether it is slowness alone, which may also be this gateway's own or the network's.</summary>
    public bool TookTooLong { get; init; } = Outcome == Health.Outcome.TimedOut;
}
