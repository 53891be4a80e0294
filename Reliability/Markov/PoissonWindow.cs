namespace Continuity.Reliability.Markov;

/// <summary>The probabilities of a Poisson number of jumps, where they matter, and the tails above each.</summary>
/// <remarks>
/// <para>Computed from the mode outwards and scaled to add up to one, so that nothing under- or overflows however
/// large the mean (B. L. Fox and P. W. Glynn, Computing Poisson probabilities, Communications of the ACM 31, 1988).
/// The window ends where a weight is below 1e-40 of the largest: far less than the customary 1e-10 of all, because
/// a probability asked for may itself be tiny.</para>
/// <para>Below the window nothing is left out: the tail above each of those counts is one.</para>
/// </remarks>
internal sealed class PoissonWindow
{
    private const double Negligible = 1e-40;

    private readonly double[] _weights;
    private readonly double[] _tails;

    /// <param name="mean">The expected number of jumps, above zero.</param>
    /// <param name="reach">Weights up to this count are kept whatever their size.</param>
    public PoissonWindow(double mean, int reach)
    {
        var mode = (long)Math.Floor(mean);
        var below = new List<double>();
        for (var (k, weight) = (mode, 1.0); k > 0; k--)
        {
            weight *= k / mean;
            if (weight < Negligible)
            {
                break;
            }

            below.Add(weight);
        }

        var above = new List<double> { 1.0 };
        for (var (k, weight) = (mode + 1, 1.0); ; k++)
        {
            weight *= mean / k;
            if ((weight < Negligible && k > reach) || weight == 0)
            {
                break;
            }

            above.Add(weight);
        }

        Left = checked((int)(mode - below.Count));
        below.Reverse();
        _weights = [.. below, .. above];
        var sum = SumSmallestFirst(_weights, below.Count);
        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i] /= sum;
        }

        _tails = new double[_weights.Length];
        for (var i = _weights.Length - 1; i > 0; i--)
        {
            _tails[i - 1] = _tails[i] + _weights[i];
        }
    }

    /// <summary>The smallest count with a weight.</summary>
    public int Left { get; }

    /// <summary>The largest count with a weight.</summary>
    public int Right => Left + _weights.Length - 1;

    /// <summary>The probability of exactly this many jumps.</summary>
    public double Weight(int count) => count < Left || count > Right ? 0 : _weights[count - Left];

    /// <summary>The probability of more jumps than this.</summary>
    public double Tail(int count) => count < Left ? 1 : count >= Right ? 0 : _tails[count - Left];

    private static double SumSmallestFirst(double[] weights, int mode)
    {
        var (left, right, sum) = (0, weights.Length - 1, 0.0);
        while (left < mode || right > mode)
        {
            var takeLeft = right <= mode || (left < mode && weights[left] < weights[right]);
            sum += takeLeft ? weights[left++] : weights[right--];
        }

        return sum + weights[mode];
    }
}
