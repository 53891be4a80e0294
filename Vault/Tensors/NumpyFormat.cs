using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tensors;

/// <summary>
/// Reads the header of a NumPy array (.npy): magic, version, length, a Python dictionary, the numbers.
/// </summary>
internal static class NumpyFormat
{
    private const int MaximumDictionaryBytes = 64 << 10;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>
    /// Reads an array that takes up the bytes from <paramref name="start"/> to <paramref name="end"/>.
    /// </summary>
    public static TensorRegion Read(ReadAt read, long start, long end)
    {
        var header = new HeaderReader(read, end, start);
        if (!header.Read(Magic.Length).SequenceEqual(Magic))
        {
            throw new InvalidDataException("The array has no NumPy header.");
        }

        var major = header.ReadByte();
        header.Skip(1);
        var length = major == 1 ? header.ReadUInt16() : header.ReadUInt32();
        if (length > MaximumDictionaryBytes)
        {
            throw new InvalidDataException($"A dictionary of {length} bytes is too long.");
        }

        var kind = KindOf(header.ReadAscii((int)length));
        return new TensorRegion(header.Position, end - header.Position, kind);
    }

    private static ElementKind KindOf(string dictionary)
    {
        var key = dictionary.IndexOf("'descr'", StringComparison.Ordinal);
        var parts = key < 0 ? [] : dictionary[(key + 7)..].Split('\'', 3);
        return parts.Length < 3 ? ElementKind.Unknown : parts[1] switch
        {
            "<f4" => ElementKind.Float32,
            "<f2" => ElementKind.Float16,
            "<V2" or "|V2" or "bfloat16" => ElementKind.BFloat16, // How ml_dtypes writes brain floats.
            "|i1" or "|u1" => ElementKind.Bytes,
            _ => ElementKind.Unknown,
        };
    }
}
