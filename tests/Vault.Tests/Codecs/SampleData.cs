using System.Runtime.InteropServices;
using System.Text;
using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tests.Codecs;

/// <summary>Seeded data of the kinds that chunks hold.</summary>
internal static class SampleData
{
    public static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Text(int seed, int length)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append("{\"step\": ").Append(random.Next(100000))
                .Append(", \"loss\": ").Append(random.Next(10000)).Append("e-3}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    /// <summary>Weights: normal numbers of one scale, rounded to the kind.</summary>
    public static byte[] Weights(ElementKind kind, int seed, int count)
    {
        var values = Normals(seed, count);
        return kind switch
        {
            ElementKind.BFloat16 => ToBFloat16(values),
            ElementKind.Float16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, x => (Half)x)).ToArray(),
            ElementKind.Float32 => MemoryMarshal.AsBytes<float>(values).ToArray(),
            ElementKind.Q4Blocks => ToQ4Blocks(values),
            _ => Array.ConvertAll(values, x => (byte)(sbyte)Math.Clamp(x * 1000, -128, 127)),
        };
    }

    /// <summary>Weights before and after a step of an optimiser that moves each by some 0.3 % of the scale.</summary>
    public static (byte[] Before, byte[] After) Checkpoints(ElementKind kind, int seed, int count)
    {
        var before = Normals(seed, count);
        var steps = Normals(seed + 1, count);
        var after = before.Zip(steps, (weight, step) => weight + (0.003f * step)).ToArray();
        return kind == ElementKind.BFloat16
            ? (ToBFloat16(before), ToBFloat16(after))
            : (MemoryMarshal.AsBytes<float>(before).ToArray(), MemoryMarshal.AsBytes<float>(after).ToArray());
    }

    private static byte[] ToBFloat16(float[] values)
    {
        var words = Array.ConvertAll(values, x =>
        {
            var bits = BitConverter.SingleToUInt32Bits(x);
            return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        });
        return MemoryMarshal.AsBytes<ushort>(words).ToArray();
    }

    private static byte[] ToQ4Blocks(float[] values)
    {
        var bytes = new byte[values.Length / 32 * 18];
        for (var block = 0; block < values.Length / 32; block++)
        {
            var part = values.AsSpan(32 * block, 32).ToArray();
            var scale = part.MaxBy(Math.Abs) / -8;
            BitConverter.TryWriteBytes(bytes.AsSpan(18 * block), (Half)scale);
            for (var i = 0; i < 16; i++)
            {
                var low = Math.Clamp((int)((part[i] / scale) + 8.5f), 0, 15);
                var high = Math.Clamp((int)((part[i + 16] / scale) + 8.5f), 0, 15);
                bytes[(18 * block) + 2 + i] = (byte)(low | (high << 4));
            }
        }

        return bytes;
    }

    private static float[] Normals(int seed, int count)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(0.02 * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
