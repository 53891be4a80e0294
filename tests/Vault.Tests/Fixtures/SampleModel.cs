using System.Text;

namespace Continuity.Vault.Tests.Fixtures;

/// <summary>A safetensors file of some 16-bit numbers, whose next version is cut where it was cut.</summary>
internal static class SampleModel
{
    /// <summary>At least the bytes of the header.</summary>
    public const int HeaderBytes = 100;

    private const int Bytes = 6 << 20;

    public static byte[] Make(int seed)
    {
        var random = new Random(seed);
        var data = new byte[Bytes];
        for (var i = 0; i < data.Length; i += 2)
        {
            BitConverter.TryWriteBytes(data.AsSpan(i), (Half)(random.NextDouble() - 0.5));
        }

        var header = Encoding.ASCII.GetBytes(
            $$$"""{"a":{"dtype":"F16","shape":[{{{Bytes / 2}}}],"data_offsets":[0,{{{Bytes}}}]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
    }
}
