using System.Buffers.Binary;
using System.Text.Json;

namespace Continuity.Vault.Checkpoints;

/// <summary>The header of a safetensors file: which tensors it holds, and where its data ends.</summary>
internal sealed class SafetensorsHeader
{
    // The format's own limit.
    private const int MaxHeaderBytes = 100_000_000;
    private const int PrefixBytes = 8;

    private SafetensorsHeader(HashSet<string> tensors, long fileLength)
    {
        Tensors = tensors;
        FileLength = fileLength;
    }

    public IReadOnlySet<string> Tensors { get; }

    /// <summary>Gets the length that the header says the file has.</summary>
    public long FileLength { get; }

    /// <exception cref="InvalidDataException">The header is not one, or lies outside the file.</exception>
    public static SafetensorsHeader Read(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        if (RandomAccess.Read(file, prefix, 0) < PrefixBytes)
        {
            throw new InvalidDataException($"is {length} bytes long, too short for a safetensors header");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength is < 2 or > MaxHeaderBytes || (long)headerLength > length - PrefixBytes)
        {
            throw new InvalidDataException(
                $"has a header of {headerLength} bytes by its own account, but is {length} bytes long");
        }

        var header = new byte[headerLength];
        if (RandomAccess.Read(file, header, PrefixBytes) < header.Length)
        {
            throw new InvalidDataException("became shorter while its header was read");
        }

        return Parse(header, PrefixBytes + (long)headerLength);
    }

    private static SafetensorsHeader Parse(byte[] header, long dataStart)
    {
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 16 });
            var tensors = new HashSet<string>(StringComparer.Ordinal);
            var ranges = new List<(long Begin, long End)>();
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.Name != "__metadata__")
                {
                    tensors.Add(entry.Name);
                    ranges.Add(ReadRange(entry));
                }
            }

            return new SafetensorsHeader(tensors, dataStart + EndOf(ranges));
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException(
                $"has a header that is not one of safetensors: {exception.Message}", exception);
        }
    }

    private static (long Begin, long End) ReadRange(JsonProperty tensor)
    {
        var offsets = tensor.Value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
        {
            throw new InvalidDataException(
                $"has a header that is not one of safetensors: '{tensor.Name}' has no two offsets");
        }

        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        return begin >= 0 && begin <= end && end <= long.MaxValue / 2
            ? (begin, end)
            : throw new InvalidDataException(
                $"has a header that places the tensor '{tensor.Name}' at {begin} to {end}");
    }

    // The format knows no holes and no overlaps: a header that has them lies, or is damaged.
    private static long EndOf(List<(long Begin, long End)> ranges)
    {
        ranges.Sort();
        var end = 0L;
        foreach (var range in ranges)
        {
            if (range.Begin != end)
            {
                throw new InvalidDataException(
                    $"has a header whose tensors leave a hole or overlap at byte {end} of the data");
            }

            end = range.End;
        }

        return end;
    }
}
