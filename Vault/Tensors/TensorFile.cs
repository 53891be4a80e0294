using System.Text.Json;

namespace Continuity.Vault.Tensors;

/// <summary>Recognises files of tensors by their headers: safetensors, GGUF, NumPy, PyTorch.</summary>
public static class TensorFile
{
    private const int MagicBytes = 8;

    /// <summary>Reads where a file holds numbers.</summary>
    /// <param name="read">Reads the file; what it throws passes through.</param>
    /// <param name="fileLength">The file's length in bytes.</param>
    /// <returns>The layout, or <see cref="TensorLayout.Unknown"/> for other files and for headers that lie.</returns>
    /// <remarks>
    /// Reads at most 64 MiB, and allocates in proportion to what it has read, whatever the header says.
    /// </remarks>
    public static TensorLayout ReadLayout(ReadAt read, long fileLength)
    {
        Span<byte> magic = stackalloc byte[MagicBytes];
        if (fileLength < 2 * MagicBytes || read(0, magic) != MagicBytes)
        {
            return TensorLayout.Unknown;
        }

        try
        {
            var regions = ReadRegions(magic, read, fileLength);
            return (regions is null ? null : TensorLayout.TryCreate(regions, fileLength)) ?? TensorLayout.Unknown;
        }
        catch (Exception exception) when (
            exception is InvalidDataException or JsonException or OverflowException or InvalidOperationException)
        {
            // Not what it looked like, or damaged (the JSON reader reports text that is no UTF-8 as an invalid
            // operation). The chunks are probed instead.
            return TensorLayout.Unknown;
        }
    }

    private static List<TensorRegion>? ReadRegions(ReadOnlySpan<byte> magic, ReadAt read, long fileLength)
    {
        if (magic.StartsWith("GGUF"u8))
        {
            return GgufFormat.Read(read, fileLength);
        }

        if (magic.StartsWith(NumpyFormat.Magic))
        {
            return [NumpyFormat.Read(read, 0, fileLength)];
        }

        if (magic.StartsWith("PK\u0003\u0004"u8))
        {
            return ZipTensors.Read(read, fileLength);
        }

        return SafetensorsFormat.IsLikely(magic, fileLength) ? SafetensorsFormat.Read(read, fileLength) : null;
    }
}
