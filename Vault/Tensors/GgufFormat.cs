using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tensors;

/// <summary>
/// Reads GGUF headers (versions 2 and 3, little-endian): key-value pairs, descriptions of tensors, the tensors.
/// </summary>
internal static class GgufFormat
{
    private const uint DefaultAlignment = 32;
    private const uint MaximumAlignment = 1 << 20;
    private const uint StringType = 8;
    private const uint ArrayType = 9;

    public static List<TensorRegion> Read(ReadAt read, long fileLength)
    {
        var header = new HeaderReader(read, fileLength);
        header.Skip(4);
        if (header.ReadUInt32() is not (2 or 3))
        {
            throw new InvalidDataException("The version of the GGUF header is not known.");
        }

        // Each count is proven by the bytes that its items take, not by the number.
        var tensors = header.ReadUInt64();
        var pairs = header.ReadUInt64();
        var alignment = DefaultAlignment;
        for (ulong i = 0; i < pairs; i++)
        {
            ReadPair(header, ref alignment);
        }

        var regions = new List<TensorRegion>();
        for (ulong i = 0; i < tensors; i++)
        {
            regions.Add(ReadTensor(header));
        }

        var dataStart = (header.Position + alignment - 1) / alignment * alignment;
        return regions.ConvertAll(region => region with { Offset = checked(region.Offset + dataStart) });
    }

    private static void ReadPair(HeaderReader header, ref uint alignment)
    {
        var keyLength = header.ReadUInt64();
        var isAlignment = keyLength == 17 && header.ReadAscii(17) == "general.alignment";
        if (keyLength != 17)
        {
            header.Skip(keyLength);
        }

        var type = header.ReadUInt32();
        if (isAlignment && type == 4)
        {
            alignment = header.ReadUInt32();
            if (alignment is 0 or > MaximumAlignment)
            {
                throw new InvalidDataException($"An alignment of {alignment} is out of range.");
            }
        }
        else if (type == ArrayType)
        {
            SkipArray(header);
        }
        else
        {
            SkipValue(header, type);
        }
    }

    private static void SkipArray(HeaderReader header)
    {
        var type = header.ReadUInt32();
        var count = header.ReadUInt64();
        if (type != StringType)
        {
            header.Skip(checked(count * SizeOf(type)));
            return;
        }

        for (ulong i = 0; i < count; i++)
        {
            SkipValue(header, StringType);
        }
    }

    private static void SkipValue(HeaderReader header, uint type)
        => header.Skip(type == StringType ? header.ReadUInt64() : SizeOf(type));

    private static ulong SizeOf(uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        _ => throw new InvalidDataException($"A value has the unknown type {type}."),
    };

    private static TensorRegion ReadTensor(HeaderReader header)
    {
        header.Skip(header.ReadUInt64());
        var dimensions = header.ReadUInt32();
        if (dimensions > 8)
        {
            throw new InvalidDataException($"A tensor has {dimensions} dimensions.");
        }

        ulong count = 1;
        for (var i = 0; i < dimensions; i++)
        {
            count = checked(count * header.ReadUInt64());
        }

        var (kind, numbers, bytes) = BlockOf(header.ReadUInt32());
        var length = checked((long)(count / numbers * bytes));
        return new TensorRegion(checked((long)header.ReadUInt64()), length, kind);
    }

    // Numbers and bytes per block. Types of other shapes have no length here: they are gaps, and are probed.
    private static (ElementKind Kind, ulong Numbers, ulong Bytes) BlockOf(uint type) => type switch
    {
        0 => (ElementKind.Float32, 1, 4),
        1 => (ElementKind.Float16, 1, 2),
        2 => (ElementKind.Q4Blocks, 32, 18),
        24 => (ElementKind.Bytes, 1, 1),
        30 => (ElementKind.BFloat16, 1, 2),
        _ => (ElementKind.Unknown, 1, 0),
    };
}
