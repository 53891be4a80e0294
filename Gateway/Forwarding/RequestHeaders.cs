namespace Continuity.Gateway.Forwarding;

/// <summary>The gateway's own words in headers.</summary>
internal static class RequestHeaders
{
    /// <summary>Names the request in logs on both sides; made up where the caller sends none.</summary>
    public const string RequestId = "x-request-id";

    /// <summary>The milliseconds that the caller will still wait; goes on, reduced by what was used up here.</summary>
    public const string Timeout = "x-request-timeout-ms";

    /// <summary>"off" forbids that this request's stream goes on at another replica.</summary>
    public const string Continuation = "x-continuity-continuation";

    /// <summary>"critical", "standard" or "sheddable".</summary>
    public const string Criticality = "x-continuity-criticality";

    /// <summary>In the answer: the replica that gave it, or began it.</summary>
    public const string Replica = "x-continuity-replica";

    /// <summary>In the answer: how many replicas were asked.</summary>
    public const string Attempts = "x-continuity-attempts";

    /// <summary>In the answer: "true" when it is a stored one.</summary>
    public const string Replayed = "x-continuity-replayed";
}
