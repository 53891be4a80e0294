namespace Continuity.Reliability.Markov;

/// <summary>
/// The stationary distribution of a large irreducible chain by sweeps: each state's weight becomes what flows in,
/// divided by the rate at which it is left.
/// </summary>
/// <remarks>
/// Sums of positive terms only, so tiny probabilities converge to the same number of digits as large ones. Sweeps go
/// forwards and backwards in turn, since failures lead away from the initial state and repairs back.
/// Source: Stewart, Introduction to the Numerical Solution of Markov Chains, 1994, section 3.3.
/// </remarks>
internal sealed class GaussSeidel
{
    private const int CheckEvery = 8;
    private const int StalledChecks = 8;
    private const double RoundingOfASweep = 1e-13;

    private readonly SubChain _chain;
    private readonly SteadyStateOptions _options;
    private readonly double[] _means;
    private readonly double[] _weights;

    public GaussSeidel(SubChain chain, SteadyStateOptions options)
    {
        _chain = chain;
        _options = options;
        _means = Array.ConvertAll(chain.ExitRates, exit => 1 / exit);
        _weights = new double[chain.Count];
        Array.Fill(_weights, 1.0 / chain.Count);
    }

    public (double[] Weights, int Sweeps) Solve(CancellationToken cancellationToken)
    {
        var (previous, best, stalled) = (double.NaN, double.PositiveInfinity, 0);
        for (var sweep = CheckEvery; sweep <= _options.MaximumSweeps; sweep += CheckEvery)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var change = Sweep();

            // The changes shrink by a factor a pair of sweeps: what is still to come is a geometric series.
            var factor = Math.Pow(change / previous, 2.0 / CheckEvery);
            var error = factor < 1 ? change * factor / (1 - factor) : double.PositiveInfinity;
            previous = change;
            (best, stalled) = change < best ? (change, 0) : (best, stalled + 1);
            if (change == 0 || error <= _options.RelativePrecision
                || (stalled > StalledChecks && change <= RoundingOfASweep))
            {
                return (_weights, sweep);
            }
        }

        throw new NotConvergedException(_options.MaximumSweeps, Residual(_chain, _weights));
    }

    /// <summary>The largest relative difference between what flows into a state and what flows out.</summary>
    public static double Residual(SubChain chain, double[] weights)
    {
        var worst = 0.0;
        for (var j = 0; j < weights.Length; j++)
        {
            var outflow = weights[j] * chain.ExitRates[j];
            if (outflow > 0)
            {
                worst = Math.Max(worst, Math.Abs(Inflow(chain, weights, j) - outflow) / outflow);
            }
        }

        return worst;
    }

    private static double Inflow(SubChain chain, double[] weights, int state)
    {
        var incoming = chain.Incoming;
        var sum = 0.0;
        for (var i = incoming.RowStarts[state]; i < incoming.RowStarts[state + 1]; i++)
        {
            sum += weights[incoming.Columns[i]] * incoming.Rates[i];
        }

        return sum;
    }

    private double Sweep()
    {
        var change = 0.0;
        for (var i = 0; i < CheckEvery; i += 2)
        {
            Forwards();
            change = Backwards();
        }

        Vectors.MakeDistribution(_weights);
        return change;
    }

    private void Forwards()
    {
        for (var j = 0; j < _weights.Length; j++)
        {
            _weights[j] = Inflow(_chain, _weights, j) * _means[j];
        }
    }

    private double Backwards()
    {
        var worst = 0.0;
        for (var j = _weights.Length - 1; j >= 0; j--)
        {
            var weight = Inflow(_chain, _weights, j) * _means[j];
            if (weight > 0)
            {
                worst = Math.Max(worst, Math.Abs(weight - _weights[j]) / weight);
            }

            _weights[j] = weight;
        }

        return worst;
    }
}
