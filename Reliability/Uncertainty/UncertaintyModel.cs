using System.Collections.Immutable;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Uncertainty;

/// <summary>Which events of a graph depend on which uncertain parameters, and how those hang together.</summary>
/// <remarks>
/// <para>Made by <see cref="UncertaintyModelBuilder"/>. Events that share a parameter share its value in every sample:
/// ten disks of one make are ten failures but one failure rate. Sampled apart, their uncertainty would average out and
/// the result would look better known than it is (Apostolakis and Kaplan 1981).</para>
/// <para>Immutable; safe for use by many threads.</para>
/// </remarks>
public sealed class UncertaintyModel
{
    internal UncertaintyModel(
        FaultGraph graph,
        ImmutableArray<UncertainParameter> parameters,
        ImmutableArray<EventSource> sources,
        ImmutableArray<CorrelatedGroup> groups)
    {
        (Graph, Parameters, Sources, Groups) = (graph, parameters, sources, groups);
    }

    /// <summary>The graph; events that depend on no parameter keep its probabilities.</summary>
    public FaultGraph Graph { get; }

    /// <summary>The parameters, in the order in which they were added.</summary>
    public ImmutableArray<UncertainParameter> Parameters { get; }

    internal ImmutableArray<EventSource> Sources { get; }

    internal ImmutableArray<CorrelatedGroup> Groups { get; }
}
