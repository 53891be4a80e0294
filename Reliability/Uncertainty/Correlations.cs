using System.Collections.Immutable;
using System.Globalization;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Uncertainty;

/// <summary>Turns pairs of correlated parameters into groups that can be sampled.</summary>
internal sealed class Correlations(
    IReadOnlyList<(string First, string Second, double Correlation)> pairs,
    Dictionary<string, int> places,
    List<ModelError> errors)
{
    private readonly Dictionary<(int, int), double> _known = [];
    private readonly Dictionary<int, List<int>> _neighbours = [];

    public ImmutableArray<CorrelatedGroup> Groups()
    {
        foreach (var (first, second, correlation) in pairs)
        {
            Add(first, second, correlation);
        }

        var groups = new List<CorrelatedGroup>();
        var done = new HashSet<int>();
        foreach (var start in _neighbours.Keys.Order())
        {
            if (done.Add(start))
            {
                AddGroup(Connected(start, done), groups);
            }
        }

        return [.. groups];
    }

    private void Add(string first, string second, double correlation)
    {
        if (!(correlation is > -1 and < 1))
        {
            var found = correlation.ToString("R", CultureInfo.InvariantCulture);
            errors.Add(new ModelError(
                first, $"its correlation with '{second}' is {found}; expected a number above -1 and below 1."));
        }

        var isFirst = places.TryGetValue(first, out var a);
        var isSecond = places.TryGetValue(second, out var b);
        if (!isFirst || !isSecond)
        {
            errors.Add(new ModelError(
                first, $"is to be correlated with '{second}', but {(isFirst ? second : first)} is defined nowhere."));
        }
        else if (a == b)
        {
            errors.Add(new ModelError(first, "is to be correlated with itself."));
        }
        else if (!_known.TryAdd((Math.Min(a, b), Math.Max(a, b)), correlation))
        {
            errors.Add(new ModelError(first, $"its correlation with '{second}' is given twice."));
        }
        else
        {
            Link(a, b);
            Link(b, a);
        }
    }

    private void Link(int from, int to)
    {
        if (!_neighbours.TryGetValue(from, out var list))
        {
            _neighbours.Add(from, list = []);
        }

        list.Add(to);
    }

    private int[] Connected(int start, HashSet<int> done)
    {
        var members = new List<int> { start };
        for (var i = 0; i < members.Count; i++)
        {
            members.AddRange(_neighbours[members[i]].Where(done.Add));
        }

        return [.. members.Order()];
    }

    // Cholesky's factor: independent scores times it have these correlations.
    private void AddGroup(int[] members, List<CorrelatedGroup> groups)
    {
        var factor = new double[members.Length][];
        for (var row = 0; row < members.Length; row++)
        {
            factor[row] = new double[row + 1];
            for (var column = 0; column <= row; column++)
            {
                var rest = row == column ? 1 : _known.GetValueOrDefault((members[column], members[row]));
                for (var k = 0; k < column; k++)
                {
                    rest -= factor[row][k] * factor[column][k];
                }

                if (row == column && !(rest > 0))
                {
                    var names = members.Select(place => places.First(pair => pair.Value == place).Key);
                    errors.Add(new ModelError(
                        string.Join(", ", names), "no numbers can have these correlations with each other at once."));
                    return;
                }

                factor[row][column] = row == column ? Math.Sqrt(rest) : rest / factor[column][column];
            }
        }

        groups.Add(new CorrelatedGroup(members, factor));
    }
}
