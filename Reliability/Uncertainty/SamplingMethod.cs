namespace Continuity.Reliability.Uncertainty;

/// <summary>How samples of the parameters are drawn.</summary>
public enum SamplingMethod
{
    /// <summary>Every sample independent of every other.</summary>
    MonteCarlo,

    /// <summary>
    /// Each parameter's range is cut into as many equally probable strata as there are samples, and each stratum is
    /// hit once (McKay, Beckman and Conover 1979): the same answer from fewer samples.
    /// </summary>
    LatinHypercube,
}
