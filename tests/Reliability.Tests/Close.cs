namespace Continuity.Reliability.Tests;

/// <summary>Equality of numbers up to a relative error, which also holds tiny numbers to their digits.</summary>
internal static class Close
{
    public static void Assert(double expected, double actual, double relative) =>
        Xunit.Assert.True(
            Math.Abs(actual - expected) <= relative * Math.Abs(expected),
            $"expected {expected:R}, found {actual:R}: relative error {Math.Abs(actual / expected - 1):G3}");
}
