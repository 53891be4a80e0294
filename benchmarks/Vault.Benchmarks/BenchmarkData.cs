using System.Runtime.InteropServices;
using System.Text;

namespace Continuity.Vault.Benchmarks;

/// <summary>Chunks of the kinds that AI artefacts are made of, from fixed seeds.</summary>
internal static class BenchmarkData
{
    private const double Scale = 0.02;
    private const double Step = 0.003 * Scale;

    public static IReadOnlyList<string> Kinds { get; } =
        ["bf16", "fp16", "fp32", "q4", "text", "noise", "bf16 step", "bf16 2.5 %"];

    /// <summary>Makes a chunk and, for a delta, its base; the base is empty otherwise.</summary>
    public static (byte[] Raw, byte[] Base) Chunk(string kind, int bytes) => kind switch
    {
        "bf16" => (BFloat16(Normals(1, bytes / 2)), []),
        "fp16" => (Bytes(Array.ConvertAll(Normals(2, bytes / 2), x => (Half)x)), []),
        "fp32" => (Bytes(Array.ConvertAll(Normals(3, bytes / 4), x => (float)x)), []),
        "q4" => (Q4Blocks(Normals(4, (bytes / 18 * 32) + 32), bytes), []),
        "text" => (Text(bytes), []),
        "bf16 step" => Checkpoints(bytes / 2, changed: 1),
        "bf16 2.5 %" => Checkpoints(bytes / 2, changed: 0.025),
        _ => (Noise(bytes), []),
    };

    private static (byte[] Raw, byte[] Base) Checkpoints(int count, double changed)
    {
        var random = new Random(5);
        var before = Normals(6, count);
        var steps = Normals(7, count);
        var after = before.Zip(steps, (x, step) => random.NextDouble() < changed ? x + (step / Scale * Step) : x);
        return (BFloat16([.. after]), BFloat16(before));
    }

    private static double[] Normals(int seed, int count)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = Scale * radius * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return values;
    }

    private static byte[] BFloat16(double[] values) => Bytes(Array.ConvertAll(values, x =>
    {
        var bits = BitConverter.SingleToUInt32Bits((float)x);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }));

    private static byte[] Q4Blocks(double[] values, int bytes)
    {
        var blocks = new byte[(bytes / 18 * 18) + 18];
        for (var block = 0; block < blocks.Length / 18; block++)
        {
            var part = values.AsSpan(32 * block, 32);
            var largest = part[0];
            foreach (var value in part)
            {
                largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
            }

            var scale = largest / -8;
            BitConverter.TryWriteBytes(blocks.AsSpan(18 * block), (Half)scale);
            for (var i = 0; i < 16; i++)
            {
                blocks[(18 * block) + 2 + i] = (byte)(Digit(part[i] / scale) | (Digit(part[i + 16] / scale) << 4));
            }
        }

        return blocks[..bytes];
    }

    private static int Digit(double value) => Math.Clamp((int)(value + 8.5), 0, 15);

    private static byte[] Text(int bytes)
    {
        var random = new Random(8);
        var words = Enumerable.Range(0, 2000)
            .Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 10)).Select(_ => Letter(random))]))
            .ToArray();
        var text = new StringBuilder();
        for (var line = 0; text.Length < bytes; line++)
        {
            text.Append("{\"id\": ").Append(line).Append(", \"text\": \"");
            for (var i = random.Next(10, 200); i > 0; i--)
            {
                text.Append(words[(int)((words.Length - 1) * Math.Pow(random.NextDouble(), 3))]).Append(' ');
            }

            text.Append("\"}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, bytes));
    }

    private static char Letter(Random random)
        => "etaoinshrdlucmfwypvbgkqjxz"[(int)(26 * Math.Pow(random.NextDouble(), 2.2))];

    private static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(9).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Bytes<T>(T[] values)
        where T : struct
        => MemoryMarshal.AsBytes<T>(values).ToArray();
}
