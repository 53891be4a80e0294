using Continuity.Reliability.Lifetimes;
using Continuity.Reliability.Markov;

namespace Continuity.Reliability.Repair;

/// <summary>How available and how reliable a system is.</summary>
/// <remarks>
/// Times are in the unit of the rates. Each answer is computed when it is asked for. Safe for use by many threads.
/// </remarks>
public sealed class SystemSolution
{
    private readonly StateSpace _space;
    private readonly StateSet _down;
    private readonly MarkovAnalysis _analysis;

    internal SystemSolution(StateSpace space, StateSet up)
    {
        _space = space;
        _down = up.Complement();
        _analysis = new MarkovAnalysis(space.Chain);
    }

    /// <summary>The number of states.</summary>
    public int States => _space.Count;

    /// <summary>The number of states in which it is down.</summary>
    public int DownStates => _down.Count;

    /// <summary>The long run: availability, nines and downtime a year; how often it fails, and for how long.</summary>
    /// <param name="cancellationToken">Stops the computation.</param>
    public LongRun LongRun(CancellationToken cancellationToken)
    {
        var steady = _analysis.SteadyState(cancellationToken);
        var unavailability = Math.Min(1, steady.Probability(_down));
        return new LongRun(new Availability(unavailability), steady.EntryRate(_space.Chain.Rates, _down));
    }

    /// <summary>The mean time until it is down for the first time (MTTF), from everything working.</summary>
    /// <param name="cancellationToken">Stops the computation.</param>
    public double MeanTimeToFailure(CancellationToken cancellationToken) =>
        _analysis.Absorption(_down, cancellationToken).MeanTime;

    /// <summary>The probability of having been down by a time: the unreliability.</summary>
    /// <param name="time">Zero or more.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    public double Unreliability(double time, CancellationToken cancellationToken) =>
        _analysis.Reach(_down, time, cancellationToken);

    /// <summary>The availability at a time.</summary>
    /// <param name="time">Zero or more.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    public Availability AvailabilityAt(double time, CancellationToken cancellationToken) =>
        new(Math.Min(1, _analysis.Transient(time, cancellationToken).Probability(_down)));

    /// <summary>The availability over a mission: the expected part of it that the system is up.</summary>
    /// <param name="mission">Its length, above zero.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    public Availability AvailabilityOver(double mission, CancellationToken cancellationToken)
    {
        Require.Positive(mission, "The mission");
        return new Availability(Math.Min(1, _analysis.Transient(mission, cancellationToken).TimeIn(_down) / mission));
    }
}
