using Continuity.Reliability.Evaluation;

namespace Continuity.Reliability.Uncertainty;

/// <summary>One thread's work: the probabilities of all events in a run of samples, and what they make of the top.
/// </summary>
internal sealed class SampleBlock
{
    private readonly ProbabilityEvaluator _evaluator;
    private readonly UncertaintyModel _model;
    private readonly ScoreSampler _sampler;
    private readonly Func<double, double>[] _values;
    private readonly double[] _probabilities;
    private readonly double[] _parameters;
    private readonly double[] _constants;
    private readonly int _size;

    public SampleBlock(
        ProbabilityEvaluator evaluator,
        UncertaintyModel model,
        ScoreSampler sampler,
        Func<double, double>[] values,
        int size)
    {
        (_evaluator, _model, _sampler, _values, _size) = (evaluator, model, sampler, values, size);
        _constants = model.Graph.Probabilities();
        _probabilities = new double[_constants.Length * size];
        _parameters = new double[values.Length * size];
    }

    /// <summary>How many probabilities fell outside 0 to 1.</summary>
    public long Clipped { get; private set; }

    public void Run(int first, Span<double> results)
    {
        var count = results.Length;
        for (var parameter = 0; parameter < _values.Length; parameter++)
        {
            var column = _parameters.AsSpan(parameter * _size, count);
            _sampler.Fill(parameter, first, column);
            var value = _values[parameter];
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = value(column[i]);
            }
        }

        for (var e = 0; e < _constants.Length; e++)
        {
            _probabilities.AsSpan(e * count, count).Fill(_constants[e]);
        }

        foreach (var source in _model.Sources)
        {
            Apply(
                source,
                _parameters.AsSpan(source.Parameter * _size, count),
                _probabilities.AsSpan(source.Event * count, count));
        }

        _evaluator.EvaluateMany(_probabilities.AsSpan(0, _constants.Length * count), results);
    }

    private void Apply(EventSource source, ReadOnlySpan<double> parameters, Span<double> probabilities)
    {
        for (var i = 0; i < probabilities.Length; i++)
        {
            var probability = source.ToProbability is { } convert ? convert(parameters[i]) : parameters[i];
            if (!(probability is >= 0 and <= 1))
            {
                if (double.IsNaN(probability))
                {
                    throw new InvalidOperationException(
                        $"The probability of '{_model.Graph.Events[source.Event].Id}' is not a number when the "
                        + $"parameter '{_model.Parameters[source.Parameter].Id}' is {parameters[i]}.");
                }

                Clipped++;
                probability = Math.Clamp(probability, 0, 1);
            }

            probabilities[i] = probability;
        }
    }
}
