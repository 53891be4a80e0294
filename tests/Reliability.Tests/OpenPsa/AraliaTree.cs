using System.Globalization;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;
using Continuity.Testing;

namespace Continuity.Reliability.Tests.OpenPsa;

/// <summary>One public fault tree of the Aralia set, with what is known of it.</summary>
/// <remarks>The set lies beside the repository; where it is missing the tests are skipped, and fail with
/// CI=true.</remarks>
internal sealed record AraliaTree(
    string Name, double? Probability, long? CutSets, IReadOnlyDictionary<int, long> ByOrder)
{
    private static readonly string _folder = Path.GetFullPath(
        Path.Combine(RepositoryLayout.Root, "..", "shared", "data", "aralia"));

    public static AraliaTree Find(string name)
    {
        var row = Rows("expected.csv").Single(fields => fields[0] == name);
        var orders = row[5].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split(':'))
            .ToDictionary(pair => int.Parse(pair[0], Invariant), pair => long.Parse(pair[1], Invariant));
        return new AraliaTree(
            name,
            row[3].Length == 0 ? null : double.Parse(row[3], Invariant),
            row[4].Length == 0 ? null : long.Parse(row[4], Invariant),
            orders);
    }

    public static IEnumerable<string[]> Rows(string file)
    {
        var path = Path.Combine(_folder, file);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"The public fault trees are not there: {file} beside the repository.");
        }

        return File.ReadLines(path).Skip(1).Select(line => line.Split(','));
    }

    public FaultGraph Read()
    {
        using var source = File.OpenText(Path.Combine(_folder, "models", Name + ".xml"));
        return OpenPsaReader.Read(source, TestContext.Current.CancellationToken);
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;
}
