using System.Buffers.Binary;
using System.Text.Json;
using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tensors;

/// <summary>Reads safetensors headers: a length of 8 bytes, JSON, then the tensors.</summary>
internal static class SafetensorsFormat
{
    private const int LengthBytes = sizeof(ulong);

    public static bool IsLikely(ReadOnlySpan<byte> magic, long fileLength)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(magic);
        return length is >= 2 and <= HeaderReader.MaximumHeaderBytes - LengthBytes
            && (long)length <= fileLength - LengthBytes;
    }

    public static List<TensorRegion> Read(ReadAt read, long fileLength)
    {
        var header = new HeaderReader(read, fileLength);
        var length = (int)header.ReadUInt64();
        if (header.ReadByte() != '{')
        {
            throw new InvalidDataException("The header is no JSON object.");
        }

        header = new HeaderReader(read, fileLength, LengthBytes);
        var json = new Utf8JsonReader(header.Read(length));
        var regions = new List<TensorRegion>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = json.ValueTextEquals("__metadata__"u8);
            json.Read();
            if (isMetadata || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
            }
            else
            {
                regions.Add(ReadTensor(ref json, LengthBytes + length));
            }
        }

        return regions;
    }

    private static TensorRegion ReadTensor(ref Utf8JsonReader json, long dataStart)
    {
        var kind = ElementKind.Unknown;
        long start = 0, end = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("dtype"u8))
            {
                json.Read();
                kind = json.TokenType == JsonTokenType.String ? KindOf(json.GetString()) : ElementKind.Unknown;
            }
            else if (json.ValueTextEquals("data_offsets"u8))
            {
                (start, end) = ReadOffsets(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new TensorRegion(checked(dataStart + start), checked(end - start), kind);
    }

    private static (long Start, long End) ReadOffsets(ref Utf8JsonReader json)
    {
        var isPair = json.Read() && json.TokenType == JsonTokenType.StartArray;
        isPair &= TryReadNumber(ref json, out var start) & TryReadNumber(ref json, out var end);
        if (!isPair || !json.Read() || json.TokenType != JsonTokenType.EndArray || start < 0 || end < start)
        {
            throw new InvalidDataException("data_offsets is not a pair of ascending numbers.");
        }

        return (start, end);
    }

    private static bool TryReadNumber(ref Utf8JsonReader json, out long number)
    {
        number = 0;
        return json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number);
    }

    private static ElementKind KindOf(string? type) => type switch
    {
        "BF16" => ElementKind.BFloat16,
        "F16" => ElementKind.Float16,
        "F32" => ElementKind.Float32,
        "F8_E4M3" or "F8_E5M2" or "I8" or "U8" => ElementKind.Bytes,
        _ => ElementKind.Unknown,
    };
}
