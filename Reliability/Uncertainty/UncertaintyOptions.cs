namespace Continuity.Reliability.Uncertainty;

/// <summary>How an uncertainty analysis samples.</summary>
public sealed record UncertaintyOptions
{
    /// <summary>The number of samples.</summary>
    /// <value>The default is 10,000; from 2 to 100,000,000 (8 bytes each are kept).</value>
    public int Samples
    {
        get;
        init
        {
            Require.Count(value, 2, "The number of samples");
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100_000_000);
            field = value;
        }
    } = 10_000;

    /// <summary>What the samples are drawn from: the same seed gives the same result on any machine with any number
    /// of threads.</summary>
    public long Seed { get; init; }

    /// <summary>How samples are drawn.</summary>
    /// <value>The default is <see cref="SamplingMethod.LatinHypercube"/>.</value>
    public SamplingMethod Method { get; init; } = SamplingMethod.LatinHypercube;

    /// <summary>How many threads may work at once.</summary>
    /// <value>The default is the number of processors; 1 or more. It does not change the result.</value>
    public int MaxThreads
    {
        get;
        init
        {
            Require.Count(value, 1, "The number of threads");
            field = value;
        }
    } = Environment.ProcessorCount;
}
