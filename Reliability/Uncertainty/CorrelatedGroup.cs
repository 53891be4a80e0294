namespace Continuity.Reliability.Uncertainty;

/// <summary>Parameters whose normal scores are correlated, with the matrix that makes them so.</summary>
/// <param name="Parameters">Their places.</param>
/// <param name="Factor">Lower triangular: independent scores times this have the correlations asked for.</param>
internal sealed record CorrelatedGroup(int[] Parameters, double[][] Factor)
{
    public double Mix(int row, ReadOnlySpan<double> independent)
    {
        var sum = 0.0;
        for (var i = 0; i <= row; i++)
        {
            sum += Factor[row][i] * independent[i];
        }

        return sum;
    }
}
