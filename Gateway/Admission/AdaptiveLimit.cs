namespace Continuity.Gateway.Admission;

/// <summary>
/// How many requests a replica gets at a time: fewer while its latency stands well above its best, more again when it
/// falls (additive increase, multiplicative decrease).
/// </summary>
/// <remarks>Races between writers lose a sample at worst.</remarks>
internal sealed class AdaptiveLimit
{
    private const double Tolerance = 2.5;
    private const double Decrease = 0.9;
    private const double ForgetBest = 1.0005;
    private double _limit = double.NaN;
    private double _bestSeconds = double.MaxValue;

    /// <summary>The limit in force below a configured one.</summary>
    public int Value(int most, bool isAdaptive)
    {
        var limit = Volatile.Read(ref _limit);
        return !isAdaptive || double.IsNaN(limit) ? most : Math.Clamp((int)limit, 1, most);
    }

    public void Answered(double seconds, int inFlight, int most)
    {
        // The best is forgotten slowly: a model that was exchanged for a larger one must not look ill forever.
        var best = Math.Min(seconds, Volatile.Read(ref _bestSeconds) * ForgetBest);
        Volatile.Write(ref _bestSeconds, best);
        var limit = double.IsNaN(_limit) ? most : _limit;
        if (seconds > best * Tolerance && inFlight >= limit * 0.5)
        {
            Shrink(limit);
        }
        else
        {
            Volatile.Write(ref _limit, Math.Min(most, limit + (1 / limit)));
        }
    }

    public void Failed(int most) => Shrink(double.IsNaN(_limit) ? most : _limit);

    private void Shrink(double limit) => Volatile.Write(ref _limit, Math.Max(1, limit * Decrease));
}
