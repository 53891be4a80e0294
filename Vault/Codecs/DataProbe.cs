namespace Continuity.Vault.Codecs;

/// <summary>What to try on a stretch of data.</summary>
/// <param name="Codec">Raw, zstd or planes.</param>
/// <param name="Layout">How to take numbers apart, for planes.</param>
/// <param name="Phase">Bytes before the first whole number, for planes.</param>
internal readonly record struct CodingPlan(ChunkCodec Codec, PlaneLayout Layout, int Phase);

/// <summary>Guesses from a sample of some kilobytes which codec shrinks a stretch of data most.</summary>
/// <remarks>
/// Entropies of byte planes are compared for every kind of number and every alignment. It runs on every chunk, so a
/// sample is counted, sorted out and left: noise costs no more than the sample. One instance serves one thread.
/// </remarks>
internal sealed class DataProbe(ZstdCodec zstd)
{
    // A multiple of every width, so that a place in the sample is aligned like its place in the data.
    private const int StretchBytes = 1152;
    private const int Stretches = 16;
    private const int Alignment = 36;

    private const double WorthWhile = 0.985;

    // Numbers leave this much at least. Above it zstd may know better; below a half there are repetitions.
    private const double PlainlyNumbers = 0.93;
    private const double PlainlyRepetitive = 0.55;

    private const double PlainlyBetter = 0.02;

    // Zstd finds more in a whole chunk than in a sample with holes.
    private const double SampleHandicap = 0.9;

    private readonly byte[] _sample = new byte[Stretches * StretchBytes];
    private readonly byte[] _compressed = new byte[Stretches * StretchBytes];
    private readonly int[] _counts = new int[ByteHistogram.Size];
    private readonly double[] _positions = new double[4];

    /// <summary>Chooses for a stretch whose kind is known or, with <see cref="ElementKind.Unknown"/>, isn't.</summary>
    public CodingPlan Choose(ReadOnlySpan<byte> raw, ElementKind kind, int phase)
    {
        var sample = TakeSample(raw);
        if (sample.IsEmpty)
        {
            return new CodingPlan(ChunkCodec.Zstd, default, 0);
        }

        var bytes = Corrected(ByteHistogram.CountSample(sample, linesPerSample: 1, _counts)) / 8;
        var best = new CodingPlan(ChunkCodec.Planes, PlaneLayout.Bytes, 0);
        var ratio = bytes;
        if (kind is ElementKind.Unknown)
        {
            CompareWords(sample, ref best, ref ratio);
            CompareDoubleWords(sample, ref best, ref ratio);
            if (ratio > PlainlyNumbers)
            {
                CompareBlocks(sample, ref best, ref ratio);
            }
        }
        else
        {
            best = new CodingPlan(ChunkCodec.Planes, PlaneLayouts.Of(kind), phase);
            ratio = Math.Min(PlainlyNumbers, bytes);
        }

        // What tells no more as numbers than byte by byte is text, or text among other things, whatever its entropy.
        var isForZstd = (ratio > PlainlyNumbers && bytes < WorthWhile)
            || Math.Min(ratio, bytes) < PlainlyRepetitive
            || (kind is ElementKind.Unknown && ratio > bytes - PlainlyBetter && bytes < WorthWhile);
        if (isForZstd && zstd.EstimateRatio(sample, _compressed) * SampleHandicap < Math.Min(ratio, WorthWhile))
        {
            return new CodingPlan(ChunkCodec.Zstd, default, 0);
        }

        return kind is not ElementKind.Unknown || ratio < WorthWhile
            ? best
            : new CodingPlan(ChunkCodec.Raw, default, 0);
    }

    private ReadOnlySpan<byte> TakeSample(ReadOnlySpan<byte> raw)
    {
        if (raw.Length < 4 * StretchBytes)
        {
            return [];
        }

        var stretches = Math.Min(Stretches, raw.Length / StretchBytes);
        var distance = (raw.Length - StretchBytes) / (stretches - 1) / Alignment * Alignment;
        for (var i = 0; i < stretches; i++)
        {
            raw.Slice(i * distance, StretchBytes).CopyTo(_sample.AsSpan(i * StretchBytes));
        }

        return _sample.AsSpan(0, stretches * StretchBytes);
    }

    private void CompareWords(ReadOnlySpan<byte> sample, ref CodingPlan best, ref double ratio)
    {
        for (var phase = 0; phase < 2; phase++)
        {
            var top = RotatedTopEntropy(sample, phase, 2);
            Offer(PlaneLayout.Words, phase, (top + EntropyOf(sample, phase, 2)) / 16, ref best, ref ratio);
        }
    }

    private void CompareDoubleWords(ReadOnlySpan<byte> sample, ref CodingPlan best, ref double ratio)
    {
        for (var position = 0; position < 4; position++)
        {
            _positions[position] = EntropyOf(sample, position, 4);
        }

        for (var phase = 0; phase < 4; phase++)
        {
            var rest = _positions[phase] + _positions[(phase + 1) & 3] + _positions[(phase + 2) & 3];
            var top = RotatedTopEntropy(sample, phase, 4);
            Offer(PlaneLayout.DoubleWords, phase, (top + rest) / 32, ref best, ref ratio);
        }
    }

    private void CompareBlocks(ReadOnlySpan<byte> sample, ref CodingPlan best, ref double ratio)
    {
        var width = PlaneLayout.Q4Blocks.Width();
        Span<double> positions = stackalloc double[width];
        var sum = 0.0;
        for (var position = 0; position < width; position++)
        {
            positions[position] = EntropyOf(sample, position, width);
            sum += positions[position];
        }

        for (var phase = 0; phase < width; phase++)
        {
            // The high byte of the scale is the second of its block and stands out; 0.3 bits are its own noise.
            if (positions[(phase + 1) % width] < (sum / width) - 2)
            {
                Offer(PlaneLayout.Q4Blocks, phase, sum / width / 8, ref best, ref ratio);
            }
        }
    }

    // Aligned wrongly, or by another width, the same numbers look only a little worse: the sample is just good enough.
    private static void Offer(PlaneLayout layout, int phase, double candidate, ref CodingPlan best, ref double ratio)
    {
        if (candidate < ratio - 0.002)
        {
            best = new CodingPlan(ChunkCodec.Planes, layout, phase);
            ratio = candidate;
        }
    }

    private double EntropyOf(ReadOnlySpan<byte> sample, int start, int step)
        => Corrected(ByteHistogram.CountEvery(sample, start, step, _counts));

    private double RotatedTopEntropy(ReadOnlySpan<byte> sample, int phase, int width)
    {
        Array.Clear(_counts);
        var total = 0;
        for (var i = phase + width - 1; i < sample.Length; i += width)
        {
            _counts[(byte)((sample[i] << 1) | (sample[i - 1] >> 7))]++;
            total++;
        }

        return Corrected(total);
    }

    // A sample shows too little entropy: Miller (1955) adds (values seen - 1) / 2 total, in nats.
    private double Corrected(int total)
    {
        var seen = 0;
        foreach (var count in _counts)
        {
            seen += count > 0 ? 1 : 0;
        }

        return Math.Min(8, ByteHistogram.Entropy(_counts, total) + ((seen - 1) / (2 * Math.Log(2) * total)));
    }
}
