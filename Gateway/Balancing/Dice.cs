namespace Continuity.Gateway.Balancing;

/// <summary>Pseudo-random numbers from one seed, for any thread, without a lock (SplitMix64 over a counter).</summary>
internal sealed class Dice(ulong seed)
{
    private long _count;

    public int Next(int bound) => (int)((Roll() >> 33) % (uint)bound);

    public double NextDouble() => (Roll() >> 11) * (1.0 / (1UL << 53));

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private ulong Roll() => Mix(seed + ((ulong)Interlocked.Increment(ref _count) * 0x9E3779B97F4A7C15));
}
