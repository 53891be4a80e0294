namespace Continuity.Reliability.Markov;

/// <summary>How exact a transient analysis must be.</summary>
public sealed record TransientOptions
{
    /// <summary>The relative error at which a settled shape of the distribution may be continued in closed form.
    /// </summary>
    /// <value>The default is 1e-9; from 1e-13 to 1e-2.</value>
    public double RelativePrecision
    {
        get;
        init
        {
            Require.RelativePrecision(value);
            field = value;
        }
    } = 1e-9;

    /// <summary>The largest chain that is solved by squaring a dense matrix when that is the cheaper way.</summary>
    /// <value>The default is 300 states: 0.7 MB a matrix. Zero switches the way off.</value>
    public int MaximumDenseStates { get; init; } = 300;
}
