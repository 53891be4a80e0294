using System.Numerics;
using System.Runtime.InteropServices;

namespace Continuity.Reliability.Markov;

/// <summary>Operations on whole vectors, as wide as the processor.</summary>
internal static class Vectors
{
    /// <summary>Adds a multiple of one vector to another.</summary>
    public static void AddScaled(Span<double> sum, ReadOnlySpan<double> vector, double factor)
    {
        var wideSum = MemoryMarshal.Cast<double, Vector<double>>(sum);
        var wideVector = MemoryMarshal.Cast<double, Vector<double>>(vector);
        var wideFactor = new Vector<double>(factor);
        for (var i = 0; i < wideSum.Length; i++)
        {
            wideSum[i] += wideVector[i] * wideFactor;
        }

        for (var i = wideSum.Length * Vector<double>.Count; i < sum.Length; i++)
        {
            sum[i] += vector[i] * factor;
        }
    }

    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    public static double Sum(ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
        {
            sum += value;
        }

        return sum;
    }

    /// <summary>Scales weights to add up to one; by their largest first, so that the sum stays finite.</summary>
    public static void MakeDistribution(Span<double> weights)
    {
        var largest = 0.0;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, weight);
        }

        foreach (ref var weight in weights)
        {
            weight /= largest;
        }

        var sum = Sum(weights);
        foreach (ref var weight in weights)
        {
            weight /= sum;
        }
    }
}
