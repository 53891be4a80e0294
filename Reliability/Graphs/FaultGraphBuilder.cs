using System.Diagnostics.CodeAnalysis;

namespace Continuity.Reliability.Graphs;

/// <summary>Collects a model by id, in any order, and checks all of it at once.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
/// <param name="name">What the model is called.</param>
public sealed class FaultGraphBuilder(string name)
{
    private readonly List<EventDraft> _events = [];
    private readonly List<HouseDraft> _houses = [];
    private readonly List<GateDraft> _gates = [];
    private string? _top;
    private int? _topLine;

    /// <summary>Adds a basic event.</summary>
    /// <param name="id">Unique among all nodes.</param>
    /// <param name="probability">0 to 1; checked by <see cref="Build"/>.</param>
    /// <param name="label">What a reader is told it is.</param>
    /// <param name="line">Where the source defines it, for errors.</param>
    public FaultGraphBuilder AddEvent(string id, double probability, string? label = null, int? line = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        _events.Add(new EventDraft(id, probability, label, line));
        return this;
    }

    /// <summary>Adds a house event: a constant with a name.</summary>
    /// <param name="id">Unique among all nodes.</param>
    /// <param name="state">Its value.</param>
    /// <param name="label">What a reader is told it is.</param>
    /// <param name="line">Where the source defines it, for errors.</param>
    public FaultGraphBuilder AddHouse(string id, bool state, string? label = null, int? line = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        _houses.Add(new HouseDraft(id, state, label, line));
        return this;
    }

    /// <summary>Adds a gate of any kind but <see cref="GateKind.AtLeast"/>.</summary>
    /// <param name="id">Unique among all nodes.</param>
    /// <param name="kind">How the arguments are combined.</param>
    /// <param name="arguments">Ids of nodes, which may be added later.</param>
    /// <param name="label">What a reader is told it is.</param>
    /// <param name="line">Where the source defines it, for errors.</param>
    public FaultGraphBuilder AddGate(
        string id, GateKind kind, IEnumerable<string> arguments, string? label = null, int? line = null)
    {
        if (kind == GateKind.AtLeast)
        {
            throw new ArgumentException("A k-of-n gate needs its k: use AddAtLeast.", nameof(kind));
        }

        return Add(new GateDraft(id, kind, 0, [.. arguments], label, line));
    }

    /// <summary>Adds a k-of-n gate: true when at least <paramref name="threshold"/> arguments are.</summary>
    /// <param name="id">Unique among all nodes.</param>
    /// <param name="threshold">1 to the number of arguments; checked by <see cref="Build"/>.</param>
    /// <param name="arguments">Ids of nodes, which may be added later.</param>
    /// <param name="label">What a reader is told it is.</param>
    /// <param name="line">Where the source defines it, for errors.</param>
    public FaultGraphBuilder AddAtLeast(
        string id, int threshold, IEnumerable<string> arguments, string? label = null, int? line = null) =>
        Add(new GateDraft(id, GateKind.AtLeast, threshold, [.. arguments], label, line));

    /// <summary>
    /// Names the node whose probability is asked for. Without it, the one gate that no other gate uses.
    /// </summary>
    /// <param name="id">The id of an event or a gate.</param>
    /// <param name="line">Where the source names it, for errors.</param>
    public FaultGraphBuilder SetTop(string id, int? line = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        (_top, _topLine) = (id, line);
        return this;
    }

    /// <summary>The checked model.</summary>
    /// <exception cref="InvalidModelException">
    /// Duplicate or empty ids, references to nothing, cycles, probabilities outside 0 to 1, wrong numbers of
    /// arguments, no or
    /// several candidates for the top: all of them at once.
    /// </exception>
    public FaultGraph Build() =>
        TryBuild(out var graph, out var errors) ? graph : throw new InvalidModelException(errors);

    /// <summary>The checked model, or everything that is wrong with it.</summary>
    /// <param name="graph">The model, when there are no errors.</param>
    /// <param name="errors">All errors, in the order of the source.</param>
    public bool TryBuild([NotNullWhen(true)] out FaultGraph? graph, out IReadOnlyList<ModelError> errors)
    {
        var check = new GraphCheck(name, _events, _houses, _gates);
        graph = check.Run(_top, _topLine);
        errors = check.Errors;
        return graph is not null;
    }

    private FaultGraphBuilder Add(GateDraft gate)
    {
        ArgumentNullException.ThrowIfNull(gate.Id);
        _gates.Add(gate);
        return this;
    }
}
