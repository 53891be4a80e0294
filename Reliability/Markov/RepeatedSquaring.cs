namespace Continuity.Reliability.Markov;

/// <summary>
/// exp(Qt) of a small chain by uniformisation over a step so short that few jumps fall into it, and doubling the step
/// until it is t: the cost grows with the logarithm of the stiffness, not with the stiffness.
/// </summary>
/// <remarks>
/// Every matrix is without negative entries, so the products lose no digits. What would grow with the number of
/// doublings is an error in a row's sum; each row, with the probability of having left the chain, is therefore made to
/// add up to one again after each product, on the diagonal where that is the large entry (the idea of Grassmann,
/// Taksar and Heyman's elimination).
/// </remarks>
internal sealed class RepeatedSquaring
{
    private readonly SubChain _chain;

    public RepeatedSquaring(SubChain chain) => _chain = chain;

    public Evolution Run(double[] start, double time, CancellationToken cancellationToken)
    {
        var jumpRate = Uniformisation.JumpRate(_chain);
        var doublings = Math.Max(0, Math.ILogB(jumpRate * time) + 1);
        var step = Math.ScaleB(time, -doublings);
        var (move, left, occupancy, integral) = ShortStep(jumpRate, step);
        for (var i = 0; i < doublings; i++, step *= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var nextIntegral = integral.Copy();
            nextIntegral.AddScaled(occupancy, step);
            nextIntegral.AddProduct(move, integral);
            var nextOccupancy = occupancy.Copy();
            nextOccupancy.AddProduct(move, occupancy);
            var nextMove = new SquareMatrix(move.Size);
            nextMove.AddProduct(move, move);
            var nextLeft = new double[left.Length];
            for (var row = 0; row < left.Length; row++)
            {
                nextLeft[row] = left[row] + Vectors.Dot(move.Row(row), left);
            }

            Normalise(nextMove, nextLeft);
            (move, left, occupancy, integral) = (nextMove, nextLeft, nextOccupancy, nextIntegral);
        }

        return new Evolution(
            move.Apply(start), occupancy.Apply(start), integral.Apply(start), doublings, 0);
    }

    private (SquareMatrix Move, double[] Left, SquareMatrix Occupancy, SquareMatrix Integral) ShortStep(
        double jumpRate, double step)
    {
        var size = _chain.Count;
        var weights = new JumpWeights(jumpRate * step, _chain.Depth);
        var power = SquareMatrix.Identity(size);
        var (move, occupancy, integral) = (new SquareMatrix(size), new SquareMatrix(size), new SquareMatrix(size));
        for (var k = 0; k <= weights.Right; k++)
        {
            var weight = weights.At(k);
            move.AddScaled(power, weight.Now);
            occupancy.AddScaled(power, weight.Occupied / jumpRate);
            integral.AddScaled(power, weight.Integral / jumpRate / jumpRate);
            power = Jump(power, jumpRate);
        }

        var left = new double[size];
        for (var row = 0; row < size; row++)
        {
            left[row] = Vectors.Dot(occupancy.Row(row), _chain.Leaks);
        }

        Normalise(move, left);
        return (move, left, occupancy, integral);
    }

    private SquareMatrix Jump(SquareMatrix power, double jumpRate)
    {
        var next = new SquareMatrix(power.Size);
        var incoming = _chain.Incoming;
        for (var row = 0; row < power.Size; row++)
        {
            var from = power.Row(row);
            var to = next.Row(row);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = from[j] * ((jumpRate - _chain.ExitRates[j]) / jumpRate);
                for (var i = incoming.RowStarts[j]; i < incoming.RowStarts[j + 1]; i++)
                {
                    to[j] += from[incoming.Columns[i]] * (incoming.Rates[i] / jumpRate);
                }
            }
        }

        return next;
    }

    private static void Normalise(SquareMatrix move, double[] left)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var row = move.Row(i);
            var others = left[i] + Vectors.Sum(row[..i]) + Vectors.Sum(row[(i + 1)..]);
            if (row[i] > 0.5 && others < 0.5)
            {
                row[i] = 1 - others;
                continue;
            }

            var scale = 1 / (others + row[i]);
            left[i] *= scale;
            foreach (ref var value in row)
            {
                value *= scale;
            }
        }
    }
}
