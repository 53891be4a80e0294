namespace Continuity.Reliability.Graphs;

/// <summary>What a node of a <see cref="FaultGraph"/> is.</summary>
public enum NodeKind
{
    /// <summary>A basic event, with a probability.</summary>
    Event,

    /// <summary>A house event, true or false for sure.</summary>
    House,

    /// <summary>A gate over other nodes.</summary>
    Gate,
}
