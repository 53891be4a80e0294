using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Continuity.Reliability.Markov;

/// <summary>
/// The chain seen at the jumps of a Poisson process fast enough for every state: exp(Qt) is the mixture over the
/// number k of jumps of P^k, with P = I + Q/q. All terms are positive, so nothing cancels.
/// </summary>
/// <remarks>
/// <para>A. Jensen, Markoff chains as an aid in the study of Markoff processes, 1953; accumulated rewards: W. K.
/// Grassmann, Transient solutions in Markovian queueing systems, 1977.</para>
/// <para>Once one step changes every component by the same factor within d, m further steps do so within
/// (1 + d)^m, because P has no negative entry: the rest follows in closed form. For a closed chain that is the
/// detection of the steady state; for one that leaks (towards a failure) it is that of the quasi-stationary
/// distribution, which comes as soon and needs no steady state.</para>
/// </remarks>
internal sealed class Uniformisation
{
    private const int CheckEvery = 16;
    private const int StalledChecks = 64;

    // Each component of a step is a sum of about ten rounded products.
    private const double RoundingOfAStep = 1e-13;

    // Above the fastest rate, so that every state has a loop and no shape can alternate for ever.
    private const double Margin = 1.02;

    private readonly SubChain _chain;
    private readonly double _precision;
    private readonly double _rate;
    private readonly double[] _stay;
    private readonly double[] _moves;

    public Uniformisation(SubChain chain, double precision)
    {
        _chain = chain;
        _precision = precision;
        _rate = JumpRate(chain);
        _stay = Array.ConvertAll(chain.ExitRates, exit => (_rate - exit) / _rate);
        _moves = Array.ConvertAll(chain.Incoming.Rates, rate => rate / _rate);
    }

    /// <summary>The rate of the Poisson process.</summary>
    public static double JumpRate(SubChain chain) => Margin * chain.ExitRates.Max();

    public Evolution Run(double[] start, double time, CancellationToken cancellationToken)
    {
        var window = new JumpWeights(_rate * time, _chain.Depth);
        var sums = new EvolutionSums(_chain.Count, _rate);
        var (vector, next) = ((double[])start.Clone(), new double[start.Length]);
        var (best, stalled) = (double.PositiveInfinity, 0);
        for (var k = 0; k <= window.Right; k++)
        {
            Step(vector, next);
            if (k % CheckEvery == 0 && k >= _chain.Depth)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var spread = Spread(vector, next);
                (best, stalled) = spread < best ? (spread, 0) : (best, stalled + 1);
                var bound = spread * (window.Right - k);
                if (bound <= _precision || (stalled > StalledChecks && spread < RoundingOfAStep))
                {
                    sums.Add(vector, window.Rest(k, Decay(vector)));
                    return sums.Result(k + 1, bound);
                }
            }

            sums.Add(vector, window.At(k));
            (vector, next) = (next, vector);
        }

        return sums.Result(window.Right + 1, 0);
    }

    // The innermost loop of every transient answer: references instead of indices spare its bounds checks.
    private void Step(double[] vector, double[] next)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(vector);
        ref var source = ref MemoryMarshal.GetArrayDataReference(_chain.Incoming.Columns);
        ref var move = ref MemoryMarshal.GetArrayDataReference(_moves);
        var starts = _chain.Incoming.RowStarts;
        for (var (j, i) = (0, 0); j < next.Length; j++)
        {
            var sum = vector[j] * _stay[j];
            for (var end = starts[j + 1]; i < end; i++)
            {
                sum += Unsafe.Add(ref from, Unsafe.Add(ref source, i)) * Unsafe.Add(ref move, i);
            }

            next[j] = sum;
        }
    }

    private static double Spread(double[] vector, double[] next)
    {
        var (least, most) = (double.PositiveInfinity, 0.0);
        for (var i = 0; i < vector.Length; i++)
        {
            // Below this a component has too few bits left to be compared, and no weight in any answer.
            if (Math.Max(vector[i], next[i]) < 1e-290)
            {
                continue;
            }

            var factor = next[i] / vector[i];
            least = Math.Min(least, factor);
            most = Math.Max(most, factor);
        }

        return most == 0 ? 0 : (most / least) - 1;
    }

    // From the leaks, not from the difference of two sums that are nearly equal.
    private double Decay(double[] vector)
    {
        var (mass, leaked) = (0.0, 0.0);
        for (var i = 0; i < vector.Length; i++)
        {
            mass += vector[i];
            leaked += vector[i] * _chain.Leaks[i];
        }

        return mass == 0 ? 0 : Math.Min(leaked / (mass * _rate), 1);
    }
}
