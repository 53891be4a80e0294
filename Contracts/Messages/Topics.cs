namespace Continuity.Contracts.Messages;

/// <summary>The Kafka topics, and what a message's key is in each.</summary>
public static class Topics
{
    /// <summary>Work to be done, keyed by artefact set; nothing is lost, a duplicate does no harm.</summary>
    public const string Commands = "continuity.commands";

    /// <summary>What happened, as CloudEvents 1.0, keyed by the aggregate's id.</summary>
    public const string Events = "continuity.events";

    /// <summary>What a vantage saw of a target, keyed by target; may be dropped, and is counted then.</summary>
    public const string Observations = "continuity.observations";

    /// <summary>Messages that no attempt could handle, with the reason in their headers.</summary>
    public const string DeadLetters = "continuity.dead-letters";
}
