using BenchmarkDotNet.Attributes;
using Continuity.Vault.Chunks;

namespace Continuity.Vault.Benchmarks;

/// <summary>
/// How fast are cut points found, by each set of instructions? Bytes skipped below the minimum count as done.
/// </summary>
[MemoryDiagnoser]
public class ChunkerBenchmarks
{
    private const int StreamBytes = 16 << 20;

    private readonly byte[] _stream = new byte[StreamBytes];
    private readonly GearTable _table = GearTable.Derive(new byte[GearTable.KeyBytes]);
    private Chunker _chunker = null!; // Set by Prepare, which runs before each benchmark.

    /// <summary>Gets the names of the paths that this processor has.</summary>
    public static IEnumerable<string> Paths => Enum.GetNames<GearScanPath>()
        .Where(name => GearScan.IsSupported(Enum.Parse<GearScanPath>(name)));

    /// <summary>Gets or sets the path that is measured.</summary>
    [ParamsSource(nameof(Paths))]
    public string Path { get; set; } = nameof(GearScanPath.Scalar);

    [GlobalSetup]
    public void Prepare()
    {
        new Random(42).NextBytes(_stream);
        _chunker = new Chunker(ChunkerParameters.LargeFiles, _table, Enum.Parse<GearScanPath>(Path));
    }

    [Benchmark]
    public int CutStream()
    {
        var chunks = 0;
        for (var position = 0; position < StreamBytes; chunks++)
        {
            position += _chunker.FindCut(_stream.AsSpan(position), endOfStream: true);
        }

        return chunks;
    }

    internal static void Quick()
    {
        foreach (var path in Paths)
        {
            var benchmarks = new ChunkerBenchmarks { Path = path };
            benchmarks.Prepare();
            QuickMeasurement.Print($"chunker, {path}", StreamBytes, () => benchmarks.CutStream());
        }
    }
}
