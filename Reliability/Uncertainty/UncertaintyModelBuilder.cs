using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Continuity.Reliability.Distributions;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Uncertainty;

/// <summary>Collects what is uncertain about a graph, by id, and checks all of it at once.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
/// <param name="graph">The graph whose events are uncertain.</param>
public sealed class UncertaintyModelBuilder(FaultGraph graph)
{
    private readonly FaultGraph _graph = graph ?? throw new ArgumentNullException(nameof(graph));
    private readonly List<UncertainParameter> _parameters = [];
    private readonly List<(string Event, string Parameter, Func<double, double>? ToProbability)> _uses = [];
    private readonly List<(string First, string Second, double Correlation)> _correlations = [];

    /// <summary>Adds a parameter.</summary>
    /// <param name="id">Unique among the parameters.</param>
    /// <param name="distribution">What is known about it.</param>
    public UncertaintyModelBuilder AddParameter(string id, Distribution distribution)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(distribution);
        _parameters.Add(new UncertainParameter(id, distribution));
        return this;
    }

    /// <summary>Lets the probability of an event be a parameter, or a function of one.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="parameterId">The parameter, which other events may use too.</param>
    /// <param name="toProbability">
    /// The probability for a value of the parameter, for example 1 - exp(-rate t); called from many threads. What falls
    /// outside 0 to 1 is clipped and counted.
    /// </param>
    public UncertaintyModelBuilder Use(
        string eventId, string parameterId, Func<double, double>? toProbability = null)
    {
        ArgumentNullException.ThrowIfNull(eventId);
        ArgumentNullException.ThrowIfNull(parameterId);
        _uses.Add((eventId, parameterId, toProbability));
        return this;
    }

    /// <summary>Gives an event a parameter of its own.</summary>
    /// <param name="eventId">The event; the parameter gets the same id.</param>
    /// <param name="distribution">What is known about its probability.</param>
    public UncertaintyModelBuilder Use(string eventId, Distribution distribution) =>
        AddParameter(eventId, distribution).Use(eventId, eventId);

    /// <summary>Correlates two parameters: what is known of one tells something about the other.</summary>
    /// <param name="first">One parameter.</param>
    /// <param name="second">Another.</param>
    /// <param name="correlation">
    /// Of their normal scores (a Gaussian copula), above -1 and below 1. For full correlation share one parameter.
    /// </param>
    public UncertaintyModelBuilder Correlate(string first, string second, double correlation)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        _correlations.Add((first, second, correlation));
        return this;
    }

    /// <summary>The checked model.</summary>
    /// <exception cref="InvalidModelException">
    /// Unknown events or parameters, duplicates, impossible correlations: all of them at once.
    /// </exception>
    public UncertaintyModel Build() =>
        TryBuild(out var model, out var errors) ? model : throw new InvalidModelException(errors);

    /// <summary>The checked model, or everything that is wrong with it.</summary>
    /// <param name="model">The model, when there are no errors.</param>
    /// <param name="errors">All errors.</param>
    public bool TryBuild([NotNullWhen(true)] out UncertaintyModel? model, out IReadOnlyList<ModelError> errors)
    {
        var found = new List<ModelError>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (!places.TryAdd(_parameters[i].Id, i))
            {
                found.Add(new ModelError(_parameters[i].Id, "a second parameter of this id; ids are unique."));
            }
        }

        var sources = Sources(places, found);
        var groups = new Correlations(_correlations, places, found).Groups();
        errors = found;
        model = found.Count > 0 ? null : new UncertaintyModel(_graph, [.. _parameters], sources, groups);
        return model is not null;
    }

    private ImmutableArray<EventSource> Sources(Dictionary<string, int> places, List<ModelError> errors)
    {
        var sources = new List<EventSource>(_uses.Count);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, parameter, toProbability) in _uses)
        {
            var isEvent = _graph.TryFind(id, out var node) && node.Kind == NodeKind.Event;
            if (!isEvent)
            {
                errors.Add(new ModelError(id, $"no basic event of the model '{_graph.Name}'."));
            }
            else if (!used.Add(id))
            {
                errors.Add(new ModelError(id, "the event depends on a parameter already; one is allowed."));
            }

            if (!places.TryGetValue(parameter, out var place))
            {
                errors.Add(new ModelError(id, $"depends on the parameter '{parameter}', which is defined nowhere."));
            }

            sources.Add(new EventSource(node.Index, place, toProbability));
        }

        return [.. sources];
    }
}
