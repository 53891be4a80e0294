namespace Continuity.Reliability.Uncertainty;

/// <summary>The random numbers of one parameter, each reachable by the number of its sample alone.</summary>
/// <remarks>
/// A result that does not depend on who draws what when cannot use a generator with a state. This is SplitMix64
/// (Steele, Lea and Flood 2014) read at any place of its sequence; a parameter's sequence starts at a place of its own.
/// </remarks>
internal readonly struct SampleStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _start;

    public SampleStream(long seed, int stream) =>
        _start = Mix(Mix((ulong)seed) + ((ulong)(stream + 1) * Golden));

    /// <summary>A number above 0 and below 1.</summary>
    public double Uniform(long sample) => ((Bits(sample) >> 11) + 0.5) * (1.0 / (1UL << 53));

    public ulong Bits(long place) => Mix(_start + ((ulong)(place + 1) * Golden));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
