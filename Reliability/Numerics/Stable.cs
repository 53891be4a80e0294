namespace Continuity.Reliability.Numerics;

/// <summary>Expressions whose textbook form cancels near zero, in a form that does not.</summary>
internal static class Stable
{
    private const double SeriesBelow = 0.02;

    /// <summary>exp(x) - 1.</summary>
    public static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) < 1e-5)
        {
            return x + (x * x / 2) + (x * x * x / 6);
        }

        // W. Kahan: the rounding of exp cancels between numerator and denominator.
        var e = Math.Exp(x);
        if (e == 0 || double.IsInfinity(e))
        {
            return e - 1;
        }

        return Math.Abs(x) < 1 ? (e - 1) * x / Math.Log(e) : e - 1;
    }

    /// <summary>log(1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        if (Math.Abs(x) > 0.5 || sum <= 0)
        {
            return Math.Log(sum);
        }

        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }

    /// <summary>The mean of exp(-s) for s from 0 to x: (1 - exp(-x)) / x.</summary>
    public static double MeanOfExp(double x) => x == 0 ? 1 : -ExpMinusOne(-x) / x;

    /// <summary>The mean of 1 - exp(-s) for s from 0 to x: x/2 - x^2/6 + x^3/24 - ...</summary>
    public static double MeanOfOneMinusExp(double x)
    {
        if (x > SeriesBelow)
        {
            return 1 - MeanOfExp(x);
        }

        var (term, sum) = (1.0, 0.0);
        for (var k = 1; k <= 8; k++)
        {
            term *= x / (k + 1);
            sum += k % 2 == 1 ? term : -term;
        }

        return sum;
    }
}
