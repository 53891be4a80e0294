using System.Numerics;

namespace Continuity.Reliability.CutSets;

/// <summary>
/// Numbers of sets by their size, as the coefficients of a polynomial: union adds, combination multiplies.
/// </summary>
internal static class OrderPolynomial
{
    public static readonly BigInteger[] None = [];
    public static readonly BigInteger[] EmptySet = [BigInteger.One];
    public static readonly BigInteger[] OneEvent = [BigInteger.Zero, BigInteger.One];

    public static BigInteger[] Add(BigInteger[] left, BigInteger[] right)
    {
        if (left.Length < right.Length)
        {
            (left, right) = (right, left);
        }

        var sum = (BigInteger[])left.Clone();
        for (var i = 0; i < right.Length; i++)
        {
            sum[i] += right[i];
        }

        return sum;
    }

    public static BigInteger[] Multiply(BigInteger[] left, BigInteger[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return None;
        }

        var product = new BigInteger[left.Length + right.Length - 1];
        for (var i = 0; i < left.Length; i++)
        {
            for (var j = 0; j < right.Length && !left[i].IsZero; j++)
            {
                product[i + j] += left[i] * right[j];
            }
        }

        return product;
    }
}
