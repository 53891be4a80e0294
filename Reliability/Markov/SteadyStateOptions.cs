namespace Continuity.Reliability.Markov;

/// <summary>How a steady state is computed.</summary>
public sealed record SteadyStateOptions
{
    /// <summary>The largest irreducible part that is solved exactly, by elimination.</summary>
    /// <value>The default is 600 states: 0.15 s and 3 MB.</value>
    public int MaximumEliminatedStates { get; init; } = 600;

    /// <summary>The estimated relative error of the worst component at which sweeps stop.</summary>
    /// <value>The default is 1e-11; from 1e-13 to 1e-2.</value>
    public double RelativePrecision
    {
        get;
        init
        {
            Require.RelativePrecision(value);
            field = value;
        }
    } = 1e-11;

    /// <summary>The sweeps over all states after which to give up.</summary>
    /// <value>The default is 200,000.</value>
    public int MaximumSweeps { get; init; } = 200_000;
}
