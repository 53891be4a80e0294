namespace Continuity.Reliability.Markov;

/// <summary>Collects a rate matrix row by row; rates to one state add up, those to the row itself vanish.</summary>
internal sealed class RateMatrixBuilder
{
    private readonly List<int> _starts = [];
    private readonly List<int> _columns = [];
    private readonly List<double> _rates = [];

    public void StartRow() => _starts.Add(_columns.Count);

    public void Add(int column, double rate)
    {
        var row = _starts.Count - 1;
        if (column == row || rate == 0)
        {
            return;
        }

        for (var i = _starts[row]; i < _columns.Count; i++)
        {
            if (_columns[i] == column)
            {
                _rates[i] += rate;
                return;
            }
        }

        _columns.Add(column);
        _rates.Add(rate);
    }

    public RateMatrix Build(int states)
    {
        while (_starts.Count <= states)
        {
            _starts.Add(_columns.Count);
        }

        return new RateMatrix([.. _starts], [.. _columns], [.. _rates]);
    }
}
