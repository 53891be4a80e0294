namespace Continuity.Reliability.Markov;

/// <summary>The weighted sums over the numbers of jumps.</summary>
internal sealed class EvolutionSums(int states, double rate)
{
    private readonly double[] _now = new double[states];
    private readonly double[] _occupied = new double[states];
    private readonly double[] _integral = new double[states];

    public void Add(double[] vector, JumpWeight weight)
    {
        Add(_now, vector, weight.Now);
        Add(_occupied, vector, weight.Occupied);
        Add(_integral, vector, weight.Integral);
    }

    public Evolution Result(int steps, double bound) => new(
        _now,
        Array.ConvertAll(_occupied, value => value / rate),
        Array.ConvertAll(_integral, value => value / rate / rate),
        steps,
        bound);

    private static void Add(double[] sum, double[] vector, double weight)
    {
        if (weight != 0)
        {
            Vectors.AddScaled(sum, vector, weight);
        }
    }
}
