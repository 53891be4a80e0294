using BenchmarkDotNet.Attributes;
using Continuity.Vault.Codecs;

namespace Continuity.Vault.Benchmarks;

/// <summary>
/// How fast is a chunk of 1 MiB encoded (and proven by decoding), how fast decoded, by what it holds?
/// </summary>
[MemoryDiagnoser]
public class CodecBenchmarks : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly ChunkEncoder _encoder = new();
    private readonly ChunkDecoder _decoder = new();
    private readonly byte[] _payload = new byte[ChunkEncoder.MaximumPayloadBytes(ChunkBytes)];
    private readonly byte[] _back = new byte[ChunkBytes];
    private byte[] _raw = [];
    private byte[] _base = [];
    private EncodedChunk _encoded;

    /// <summary>Gets or sets what the chunk holds.</summary>
    [Params("bf16", "fp16", "fp32", "q4", "text", "noise", "bf16 step", "bf16 2.5 %")]
    public string Data { get; set; } = "bf16";

    [GlobalSetup]
    public void Prepare()
    {
        (_raw, _base) = BenchmarkData.Chunk(Data, ChunkBytes);
        _encoded = Encode();
    }

    [Benchmark]
    public EncodedChunk Encode() => _encoder.Encode(_raw, default, _base, _payload);

    [Benchmark]
    public void Decode()
        => _decoder.Decode(_encoded.Codec, _payload.AsSpan(0, _encoded.Length), _base, _back);

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static void Quick()
    {
        foreach (var data in BenchmarkData.Kinds)
        {
            using var benchmarks = new CodecBenchmarks { Data = data };
            benchmarks.Prepare();
            var ratio = (double)benchmarks._encoded.Length / ChunkBytes;
            QuickMeasurement.Print($"encode, {data} ({ratio:F3})", ChunkBytes, () => benchmarks.Encode());
            QuickMeasurement.Print($"decode, {data}", ChunkBytes, benchmarks.Decode);
        }
    }
}
