using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Estimation;

/// <summary>Faults seen, and for how long components were watched: what rates and probabilities are estimated from.
/// </summary>
/// <remarks>
/// A drill's fault says nothing about how often faults come, and its repair is staged: it counts towards failover
/// success alone. Immutable; safe for use by many threads.
/// </remarks>
public sealed class Evidence
{
    private readonly ILookup<string, FaultRecord> _faults;
    private readonly Dictionary<string, double> _exposure;

    /// <summary>Takes evidence.</summary>
    /// <param name="faults">Every fault seen.</param>
    /// <param name="exposureHours">
    /// For each class, the hours of all its components together that they were watched, faults or none.
    /// </param>
    /// <exception cref="InvalidModelException">
    /// Unusable numbers, or incidents of a class without exposure: all of them at once.
    /// </exception>
    public Evidence(IEnumerable<FaultRecord> faults, IReadOnlyDictionary<string, double> exposureHours)
    {
        ArgumentNullException.ThrowIfNull(faults);
        ArgumentNullException.ThrowIfNull(exposureHours);
        _faults = faults.ToLookup(fault => fault.ComponentClass, StringComparer.Ordinal);
        _exposure = new Dictionary<string, double>(exposureHours, StringComparer.Ordinal);
        var errors = new List<ModelError>();
        foreach (var (name, hours) in _exposure.Where(pair => !(pair.Value >= 0 && double.IsFinite(pair.Value))))
        {
            errors.Add(new ModelError(name, $"was watched for {hours} hours; expected a finite number, zero or more."));
        }

        foreach (var group in _faults)
        {
            errors.AddRange(group
                .Where(fault => fault.RepairHours is { } hours && !(hours > 0 && double.IsFinite(hours)))
                .Select(fault => new ModelError(
                    group.Key, $"a repair took {fault.RepairHours} hours; expected a finite number above zero.")));
            if (ExposureHours(group.Key) == 0 && Failures(group.Key) > 0)
            {
                errors.Add(new ModelError(group.Key, "has incidents but was never watched; give its exposure."));
            }
        }

        if (errors.Count > 0)
        {
            throw new InvalidModelException(errors);
        }
    }

    /// <summary>No evidence at all: estimates are their priors.</summary>
    public static Evidence None { get; } = new([], new Dictionary<string, double>());

    /// <summary>The hours that components of a class were watched.</summary>
    /// <param name="componentClass">The class.</param>
    public double ExposureHours(string componentClass) => _exposure.GetValueOrDefault(componentClass);

    /// <summary>How many faults of a class came by themselves.</summary>
    /// <param name="componentClass">The class.</param>
    public int Failures(string componentClass) => Incidents(componentClass).Count();

    /// <summary>The failure rate of one component of a class.</summary>
    /// <param name="componentClass">The class.</param>
    /// <param name="prior">What was known before.</param>
    public RateEstimate Rate(string componentClass, RatePrior prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        return new RateEstimate(prior, Failures(componentClass), ExposureHours(componentClass));
    }

    /// <summary>How probably what stands by for a class takes over; incidents and drills count alike.</summary>
    /// <param name="componentClass">The class.</param>
    /// <param name="prior">What was known before.</param>
    public SuccessEstimate FailoverSuccess(string componentClass, SuccessPrior prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        var trials = _faults[componentClass].Count(fault => fault.FailoverSucceeded is not null);
        var successes = _faults[componentClass].Count(fault => fault.FailoverSucceeded == true);
        return new SuccessEstimate(prior, successes, trials);
    }

    /// <summary>How long a repair takes.</summary>
    /// <param name="componentClass">The class.</param>
    /// <param name="prior">What was known before.</param>
    /// <remarks>Repairs not yet finished are left out, which makes the estimate too short while many last long.
    /// </remarks>
    public RepairTimeEstimate RepairTime(string componentClass, RepairTimePrior prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        return new RepairTimeEstimate(
            prior, [.. Incidents(componentClass).Select(fault => fault.RepairHours).OfType<double>()]);
    }

    private IEnumerable<FaultRecord> Incidents(string componentClass) =>
        _faults[componentClass].Where(fault => fault.Origin == EvidenceOrigin.Incident);
}
