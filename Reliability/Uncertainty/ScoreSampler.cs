using Continuity.Reliability.Distributions;

namespace Continuity.Reliability.Uncertainty;

/// <summary>The normal score of every parameter in every sample.</summary>
internal sealed class ScoreSampler
{
    private readonly UncertaintyOptions _options;
    private readonly SampleStream[] _streams;
    private readonly StratumOrder[] _orders;
    private readonly double[]?[] _correlated;

    public ScoreSampler(UncertaintyModel model, UncertaintyOptions options, CancellationToken cancellationToken)
    {
        _options = options;
        var count = model.Parameters.Length;
        _streams = new SampleStream[count];
        _orders = new StratumOrder[count];
        _correlated = new double[count][];
        for (var i = 0; i < count; i++)
        {
            _streams[i] = new SampleStream(options.Seed, 2 * i);
            _orders[i] = new StratumOrder(options.Samples, new SampleStream(options.Seed, (2 * i) + 1));
        }

        foreach (var group in model.Groups)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Correlate(group);
        }
    }

    public void Fill(int parameter, int first, Span<double> scores)
    {
        if (_correlated[parameter] is { } column)
        {
            column.AsSpan(first, scores.Length).CopyTo(scores);
            return;
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = _options.Method == SamplingMethod.MonteCarlo
                ? NormalScores.Of(_streams[parameter].Uniform(first + i))
                : InStratum(parameter, _orders[parameter].At(first + i), first + i);
        }
    }

    private double InStratum(int parameter, long stratum, int sample)
    {
        var place = (stratum + _streams[parameter].Uniform(sample)) / _options.Samples;
        return NormalScores.Of(Math.Clamp(place, double.Epsilon, 1 - 1.2e-16));
    }

    private void Correlate(CorrelatedGroup group)
    {
        var samples = _options.Samples;
        var columns = Array.ConvertAll(group.Parameters, _ => new double[samples]);
        var independent = new double[group.Parameters.Length];
        for (var sample = 0; sample < samples; sample++)
        {
            for (var i = 0; i < independent.Length; i++)
            {
                independent[i] = NormalScores.Of(_streams[group.Parameters[i]].Uniform(sample));
            }

            for (var i = 0; i < independent.Length; i++)
            {
                columns[i][sample] = group.Mix(i, independent);
            }
        }

        for (var i = 0; i < columns.Length; i++)
        {
            if (_options.Method == SamplingMethod.LatinHypercube)
            {
                Stratify(group.Parameters[i], columns[i]);
            }

            _correlated[group.Parameters[i]] = columns[i];
        }
    }

    // Ranks keep the correlation, and each stratum is hit once (Iman and Conover 1982).
    private void Stratify(int parameter, double[] column)
    {
        var samples = new int[column.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = i;
        }

        Array.Sort(column, samples);
        for (var rank = 0; rank < samples.Length; rank++)
        {
            column[rank] = InStratum(parameter, rank, samples[rank]);
        }

        Array.Sort(samples, column);
    }
}
