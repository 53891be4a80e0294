using System.Buffers;
using System.Globalization;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Importance;
using Continuity.Reliability.Lifetimes;
using Continuity.Reliability.Uncertainty;

namespace Continuity.Reliability.Living;

/// <summary>The compiled model of one service or artefact set.</summary>
/// <remarks>Safe for use by many threads.</remarks>
public sealed class SubjectModel
{
    private const int Samples = 2_000;
    private const int TopCutSets = 10;

    private readonly PlatformTopology _topology;
    private readonly PlatformAssumptions _assumptions;
    private readonly FaultAnalysis _analysis;
    private readonly LivingEvent[] _events;
    private readonly FaultAnalysis _options;
    private readonly LivingEvent[] _optionEvents;
    private volatile Assessment? _assessment;

    private SubjectModel(
        SubjectKind kind,
        PlatformTopology topology,
        PlatformAssumptions assumptions,
        Func<bool, (FaultGraph Graph, LivingEvent[] Events)> build,
        CancellationToken cancellationToken)
    {
        Kind = kind;
        (_topology, _assumptions) = (topology, assumptions);
        var (graph, events) = build(false);
        _analysis = FaultAnalysis.Run(graph, new AnalysisOptions(), cancellationToken);
        _events = events;
        var (wider, more) = build(true);
        _options = FaultAnalysis.Run(wider, new AnalysisOptions(), cancellationToken);
        _optionEvents = more;
    }

    /// <summary>What it is the model of.</summary>
    public SubjectKind Kind { get; }

    /// <summary>Its name.</summary>
    public string Name => Graph.Name;

    /// <summary>The availability asked of it.</summary>
    public double? Objective { get; private init; }

    /// <summary>The fault graph, for diagrams and for other analyses.</summary>
    public FaultGraph Graph => _analysis.Graph;

    internal static SubjectModel Compile(
        TopologyService service,
        PlatformTopology topology,
        PlatformAssumptions assumptions,
        CancellationToken cancellationToken) => new(
            SubjectKind.Service,
            topology,
            assumptions,
            options => ServiceGraph.Of(service, topology, assumptions, options),
            cancellationToken)
        {
            Objective = service.Objective,
        };

    internal static SubjectModel Compile(
        TopologyArtefactSet set,
        PlatformTopology topology,
        PlatformAssumptions assumptions,
        CancellationToken cancellationToken) => new(
            SubjectKind.ArtefactSet,
            topology,
            assumptions,
            options => ServiceGraph.Of(set, assumptions, options),
            cancellationToken)
        {
            Objective = set.Objective,
        };

    /// <summary>Assesses it; once, since the answer is always the same.</summary>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public Assessment Assess(CancellationToken cancellationToken) =>
        _assessment ??= Compute(cancellationToken);

    private Assessment Compute(CancellationToken cancellationToken)
    {
        var unavailability = _analysis.Probability.Upper;
        var importance = ImportanceAnalysis.Run(Graph, _analysis.Evaluator);
        var frequency = importance.Zip(_events, (item, source) => item.Birnbaum * source.Frequency(_assumptions)).Sum();
        var known = Sample(cancellationToken);
        var availability = new Availability(Math.Clamp(unavailability, 0, 1));
        Contribution[] contributions =
        [
            .. importance
                .Zip(_events, (item, source) => new Contribution(
                    item.Id, source.Class, item.Probability, item.Birnbaum,
                    OrNone(item.Criticality), OrNone(item.FussellVesely)))
                .OrderByDescending(item => item.Criticality),
        ];
        return new Assessment
        {
            Kind = Kind,
            Name = Name,
            TopologyVersion = _topology.Version,
            Objective = Objective,
            MeetsObjective = Meets(unavailability),
            ObjectiveConfidence = Objective is { } objective ? PartBelow(known, 1 - objective) : null,
            Availability = availability.Value,
            AvailabilityLow = 1 - known.Quantile(0.95),
            AvailabilityHigh = 1 - known.Quantile(0.05),
            Nines = double.IsFinite(availability.Nines) ? availability.Nines : null,
            DowntimeHoursPerYear = availability.DowntimePerYear.TotalHours,
            MeanHoursBetweenOutages = frequency > 0 ? 1 / frequency : null,
            MissionHours = _assumptions.MissionHours,
            Reliability = Reliability(unavailability, frequency),
            Limit = Limit(contributions, unavailability),
            MinimalCutSets = _analysis.CountCutSets(new AnalysisOptions(), cancellationToken)?.Total
                .ToString(CultureInfo.InvariantCulture),
            TopCutSets = _analysis.TopCutSets(TopCutSets, new AnalysisOptions(), cancellationToken) ?? [],
            Contributions = contributions,
            WhatIfs = WhatIfs(),
        };
    }

    /// <summary>Why a change cannot be made to this subject, each with the property that asks for it.</summary>
    /// <param name="change">The change.</param>
    public IEnumerable<(string Property, string Reason)> Refusals(WhatIf change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return
            from named in change.NamedOptions
            where !Array.Exists(_optionEvents, item => item.Option == named.Option)
            select (named.Field, $"'{Name}' has {named.Lack}.");
    }

    /// <summary>The effect of a change, from the compiled model.</summary>
    /// <param name="change">The change.</param>
    /// <exception cref="ArgumentException">It cannot be made here: see <see cref="Refusals"/>.</exception>
    public WhatIfEffect Evaluate(WhatIf change)
    {
        ArgumentNullException.ThrowIfNull(change);
        foreach (var (_, reason) in Refusals(change))
        {
            throw new ArgumentException(reason, nameof(change));
        }

        var before = _analysis.Probability.Upper;
        var after = UnavailabilityAfter(change);
        const double HoursPerYear = 8760;
        return new WhatIfEffect(
            change.Description, 1 - after, after * HoursPerYear, (before - after) * HoursPerYear, Meets(after));
    }

    // A large model has thousands of events of a few kinds, and is asked dozens of times: no memory is taken for it.
    private double UnavailabilityAfter(WhatIf change)
    {
        var taken = change.Options;
        var ofKind = new UnavailabilityTable(change.Apply(_assumptions));
        var rented = ArrayPool<double>.Shared.Rent(_optionEvents.Length);
        try
        {
            var probabilities = rented.AsSpan(0, _optionEvents.Length);
            for (var i = 0; i < probabilities.Length; i++)
            {
                var item = _optionEvents[i];
                var isThere = item.Option is null || Array.IndexOf(taken, item.Option) >= 0;
                probabilities[i] = isThere ? ofKind.Of(item) : item.WithoutOption;
            }

            return _options.Evaluator.Evaluate(probabilities);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    // The frequency of a coherent system of independent components is exact; that outages then come like a Poisson
    // process is an approximation, good while they are rare.
    private double Reliability(double unavailability, double frequency) => unavailability >= 1
        ? 0
        : (1 - unavailability) * Math.Exp(-frequency / (1 - unavailability) * _assumptions.MissionHours);

    private bool? Meets(double unavailability) => Objective is { } objective ? unavailability <= 1 - objective : null;

    private List<WhatIfEffect> WhatIfs()
    {
        if (_events.Length == 0)
        {
            return [];
        }

        var options = _optionEvents.Select(item => item.Option).OfType<string>().Distinct().ToList();
        IEnumerable<WhatIf> changes =
        [
            new() { Description = "one more site", NewSite = true },
            new() { Description = "repair in half the time", RepairFactor = 0.5 },
            new() { Description = "test failover monthly", FailoverTestHours = 730 },
            new() { Description = "half as many common causes", CommonCauseShare = _assumptions.CommonCauseShare / 2 },
            .. After(ServiceGraph.ReplicaAt("")).Select(site => new WhatIf
            {
                Description = $"one more replica at {site}", ReplicaAt = site,
            }),
            .. After(DomainGraph.Second("")).Select(domain => new WhatIf
            {
                Description = $"a second {domain}", SecondDomain = domain,
            }),
            .. After(DomainGraph.Spread("")).Select(domain => new WhatIf
            {
                Description = $"half of the replicas of {domain} in another one", SpreadDomain = domain,
            }),
            .. _events.Select(item => item.Class).OfType<ComponentClass>().Distinct().Select(name => new WhatIf
            {
                Description = $"{name.ToString().ToLowerInvariant()} failures half as often",
                Class = name,
                FailureFactor = 0.5,
            }),
        ];
        return [.. changes.Select(Evaluate).OrderByDescending(effect => effect.SavedHoursPerYear)];

        IEnumerable<string> After(string start) => options
            .Where(option => option.StartsWith(start, StringComparison.Ordinal))
            .Select(option => option[start.Length..]);
    }

    // Rates of one class are one number, unknown together: the classes are the parameters, not the components.
    private UncertaintyResult Sample(CancellationToken cancellationToken)
    {
        var builder = new UncertaintyModelBuilder(Graph);
        foreach (var name in Enum.GetValues<ComponentClass>())
        {
            builder.AddParameter(name.ToString(), _assumptions.Of(name).Rate);
        }

        foreach (var item in _events)
        {
            if (item.Class is { } name)
            {
                builder.Use(item.Id, name.ToString(), rate => item.UnavailabilityAt(rate, _assumptions));
            }
        }

        return UncertaintyAnalysis.Run(
            _analysis.Evaluator, builder.Build(), new UncertaintyOptions { Samples = Samples }, cancellationToken);
    }

    // Of what is never down, nothing decides: ratios to a probability of 0 are no numbers.
    private static double OrNone(double part) => double.IsFinite(part) ? part : 0;

    private static double PartBelow(UncertaintyResult result, double limit)
    {
        var place = result.Sorted.BinarySearch(limit);
        return (double)(place < 0 ? ~place : place + 1) / result.Samples;
    }

    private static string Limit(Contribution[] contributions, double unavailability)
    {
        if (contributions.Length == 0)
        {
            return "Nothing runs it.";
        }

        if (unavailability == 0)
        {
            return "Nothing: it is never down in this model.";
        }

        var first = contributions[0];
        return $"{first.Id} decides in {first.Criticality:P0} of its downtime.";
    }
}
