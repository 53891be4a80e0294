namespace Continuity.Reliability.Markov;

/// <summary>The rates between the states of a continuous-time Markov chain, as compressed sparse rows.</summary>
/// <remarks>
/// Immutable and safe for concurrent use. The diagonal is not stored: the rate at which a state is left is the sum of
/// its row, so that no solver has to subtract numbers of the same size.
/// </remarks>
public sealed class RateMatrix
{
    private readonly Lazy<RateMatrix> _transposed;
    private readonly double[] _exitRates;

    internal RateMatrix(int[] rowStarts, int[] columns, double[] rates)
    {
        RowStarts = rowStarts;
        Columns = columns;
        Rates = rates;
        _exitRates = new double[rowStarts.Length - 1];
        for (var row = 0; row < _exitRates.Length; row++)
        {
            for (var i = rowStarts[row]; i < rowStarts[row + 1]; i++)
            {
                _exitRates[row] += rates[i];
            }

            Require.Rate(_exitRates[row], $"The rate at which state {row} is left");
        }

        _transposed = new Lazy<RateMatrix>(Transpose);
    }

    /// <summary>Makes a matrix from a list of rates; rates between the same two states add up.</summary>
    /// <param name="states">The number of states, at least 1.</param>
    /// <param name="entries">The rates; those from a state to itself change nothing and are left out.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A state number is out of range, or a rate is negative, infinite or not a number.
    /// </exception>
    public static RateMatrix FromEntries(int states, IEnumerable<RateEntry> entries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(states, 1);
        ArgumentNullException.ThrowIfNull(entries);
        var rows = new List<RateEntry>[states];
        foreach (var entry in entries)
        {
            if (entry.From < 0 || entry.From >= states || entry.To < 0 || entry.To >= states)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(entries),
                    $"The rate from state {entry.From} to {entry.To} leaves the range 0..{states - 1}.");
            }

            Require.Rate(entry.Rate, $"The rate from state {entry.From} to {entry.To}");
            (rows[entry.From] ??= []).Add(entry);
        }

        var builder = new RateMatrixBuilder();
        foreach (var row in rows)
        {
            builder.StartRow();
            foreach (var entry in row ?? [])
            {
                builder.Add(entry.To, entry.Rate);
            }
        }

        return builder.Build(states);
    }

    /// <summary>The number of states.</summary>
    public int States => _exitRates.Length;

    /// <summary>The number of pairs of different states with a rate above zero.</summary>
    public int Transitions => Columns.Length;

    /// <summary>The rate at which each state is left; zero for an absorbing state.</summary>
    public ReadOnlySpan<double> ExitRates => _exitRates;

    internal int[] RowStarts { get; }

    internal int[] Columns { get; }

    internal double[] Rates { get; }

    /// <summary>Row j holds the rates into state j. Its exit rates are sums of rates in, which mean nothing.</summary>
    internal RateMatrix Transposed => _transposed.Value;

    private RateMatrix Transpose()
    {
        var starts = new int[States + 1];
        foreach (var column in Columns)
        {
            starts[column + 1]++;
        }

        for (var i = 0; i < States; i++)
        {
            starts[i + 1] += starts[i];
        }

        var next = starts[..^1];
        var columns = new int[Columns.Length];
        var rates = new double[Columns.Length];
        for (var row = 0; row < States; row++)
        {
            for (var i = RowStarts[row]; i < RowStarts[row + 1]; i++)
            {
                var slot = next[Columns[i]]++;
                columns[slot] = row;
                rates[slot] = Rates[i];
            }
        }

        return new RateMatrix(starts, columns, rates);
    }
}
