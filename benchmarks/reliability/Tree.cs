using Continuity.Reliability.Graphs;
using Continuity.Reliability.OpenPsa;

namespace Continuity.Reliability.Benchmarks;

/// <summary>One public fault tree, with what is known of it.</summary>
internal sealed record Tree(string Name, string Path, double? Probability, string CutSets)
{
    public static IEnumerable<Tree> ReadAll(string folder) =>
        from line in File.ReadLines(System.IO.Path.Combine(folder, "expected.csv")).Skip(1)
        let fields = line.Split(',')
        select new Tree(
            fields[0],
            System.IO.Path.Combine(folder, "models", fields[0] + ".xml"),
            fields[3].Length == 0 ? null : double.Parse(fields[3]),
            fields[4]);

    public FaultGraph Read()
    {
        using var source = File.OpenText(Path);
        return OpenPsaReader.Read(source, CancellationToken.None);
    }
}
