namespace Continuity.Reliability.Markov;

/// <summary>A dense square matrix of numbers that are zero or more.</summary>
internal sealed class SquareMatrix(int size)
{
    private readonly double[] _values = new double[size * size];

    public int Size => size;

    public Span<double> Row(int row) => _values.AsSpan(row * size, size);

    public static SquareMatrix Identity(int size)
    {
        var identity = new SquareMatrix(size);
        for (var i = 0; i < size; i++)
        {
            identity.Row(i)[i] = 1;
        }

        return identity;
    }

    /// <summary>Adds a multiple of another matrix of the same size.</summary>
    public void AddScaled(SquareMatrix other, double factor) => Vectors.AddScaled(_values, other._values, factor);

    /// <summary>Adds the product of two matrices.</summary>
    public void AddProduct(SquareMatrix left, SquareMatrix right)
    {
        for (var i = 0; i < size; i++)
        {
            var sum = Row(i);
            var factors = left.Row(i);
            for (var k = 0; k < size; k++)
            {
                if (factors[k] != 0)
                {
                    Vectors.AddScaled(sum, right.Row(k), factors[k]);
                }
            }
        }
    }

    /// <summary>A row vector times this matrix.</summary>
    public double[] Apply(ReadOnlySpan<double> vector)
    {
        var product = new double[size];
        for (var i = 0; i < size; i++)
        {
            if (vector[i] != 0)
            {
                Vectors.AddScaled(product, Row(i), vector[i]);
            }
        }

        return product;
    }

    public SquareMatrix Copy()
    {
        var copy = new SquareMatrix(size);
        _values.CopyTo(copy._values, 0);
        return copy;
    }
}
