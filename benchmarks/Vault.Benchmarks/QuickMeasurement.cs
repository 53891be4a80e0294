using System.Diagnostics;
using System.Globalization;

namespace Continuity.Vault.Benchmarks;

/// <summary>Repeats an action and prints the best rate: an orientation within seconds, no statistics.</summary>
internal static class QuickMeasurement
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.7);

    public static void Print(string name, long bytes, Action action)
    {
        action();
        var best = TimeSpan.MaxValue;
        var total = Stopwatch.StartNew();
        while (total.Elapsed < Budget)
        {
            var started = Stopwatch.GetTimestamp();
            action();
            var elapsed = Stopwatch.GetElapsedTime(started);
            best = elapsed < best ? elapsed : best;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-44} {bytes / best.TotalSeconds / 1e9,8:F2} GB/s"));
    }
}
