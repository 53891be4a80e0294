using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Continuity.Vault.Codecs;

/// <summary>Codes floats as differences from the same tensor in an earlier snapshot.</summary>
/// <remarks>
/// Payload: mode (1), phase (1), place in the base (4), the bytes before the first whole number, the bytes after the
/// last one, then by mode: <see cref="DenseMode"/>: where exponents begin (1), top exponent (1), escapes, codes by
/// context.
/// <see cref="SparseMode"/>: escapes, counts of gaps (4) and values (4), both as plane blocks. <see cref="WideMode"/>:
/// four plane blocks of 32-bit differences. Escapes: count (4), and the new values (2 each). One instance serves one
/// thread.
/// </remarks>
internal sealed class DeltaCodec(CodecScratch scratch, PlaneBlock block)
{
    private const byte DenseMode = 1;
    private const byte SparseMode = 2;
    private const byte WideMode = 3;

    private const int HeaderBytes = 2 + sizeof(int);
    private const int MinimumNumbers = 256;

    // Codes take at least a bit per number: when few changed, the distances between them take less.
    private const double SparseFraction = 0.15;

    private readonly ContextHuffmanEncoder _encoder = new();
    private readonly ContextHuffmanDecoder _decoder = new();

    /// <summary>Encodes if the result is shorter than the chunk.</summary>
    /// <param name="raw">A stretch of a chunk.</param>
    /// <param name="baseRaw">The base chunk.</param>
    /// <param name="basePosition">The place in the base of the stretch's first byte; the base covers the
    /// stretch.</param>
    /// <param name="region">What the numbers are and how they are aligned.</param>
    /// <param name="destination">Room for at least the stretch.</param>
    /// <returns>The payload's length, or 0.</returns>
    public int TryEncode(
        ReadOnlySpan<byte> raw,
        ReadOnlySpan<byte> baseRaw,
        int basePosition,
        in ChunkRegion region,
        Span<byte> destination)
    {
        var width = PlaneLayouts.Of(region.Kind).Width();
        var whole = (raw.Length - region.Phase) / width * width;
        if (width is not (2 or 4) || whole < MinimumNumbers * width)
        {
            return 0;
        }

        destination = destination[..Math.Min(destination.Length, raw.Length)];
        destination[1] = (byte)region.Phase;
        BinaryPrimitives.WriteInt32LittleEndian(destination[2..], basePosition);
        var tail = raw[(region.Phase + whole)..];
        raw[..region.Phase].CopyTo(destination[HeaderBytes..]);
        tail.CopyTo(destination[(HeaderBytes + region.Phase)..]);
        var position = HeaderBytes + region.Phase + tail.Length;

        var values = raw.Slice(region.Phase, whole);
        var bases = baseRaw.Slice(basePosition + region.Phase, whole);
        var length = width == 4
            ? TryEncodeWide(values, bases, destination[position..], out destination[0])
            : TryEncodeWords(values, bases, ShiftOf(region.Kind), destination[position..], out destination[0]);
        return length > 0 ? position + length : 0;
    }

    /// <summary>Decodes a payload to exactly the bytes of <paramref name="raw"/>.</summary>
    /// <exception cref="CorruptChunkException">The payload is damaged, or the base is another one.</exception>
    public void Decode(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, Span<byte> raw)
    {
        var reader = new PayloadReader(ChunkCodec.Delta, payload);
        var mode = reader.ReadByte();
        int phase = reader.ReadByte();
        var basePosition = reader.ReadInt32();
        if (basePosition < 0 || basePosition > baseRaw.Length - raw.Length)
        {
            CorruptChunkException.Throw(
                ChunkCodec.Delta, $"it needs byte {basePosition} and {raw.Length} more of a base of {baseRaw.Length}");
        }

        var width = mode == WideMode ? 4 : 2;
        if (mode is not (DenseMode or SparseMode or WideMode) || phase >= width || phase > raw.Length)
        {
            CorruptChunkException.Throw(ChunkCodec.Delta, $"mode {mode} and phase {phase} do not fit the chunk");
        }

        var whole = (raw.Length - phase) / width * width;
        var tail = raw[(phase + whole)..];
        reader.Read(phase).CopyTo(raw);
        reader.Read(tail.Length).CopyTo(tail);
        var bases = baseRaw.Slice(basePosition + phase, whole);
        if (mode == WideMode)
        {
            DecodeWide(ref reader, bases, raw.Slice(phase, whole));
        }
        else
        {
            DecodeWords(ref reader, mode, bases, raw.Slice(phase, whole));
        }

        reader.RequireEnd();
    }

    private static int ShiftOf(ElementKind kind)
        => kind == ElementKind.Float16 ? DeltaSymbols.Float16Shift : DeltaSymbols.BFloat16Shift;

    private int TryEncodeWords(
        ReadOnlySpan<byte> valueBytes, ReadOnlySpan<byte> baseBytes, int shift, Span<byte> destination, out byte mode)
    {
        var values = MemoryMarshal.Cast<byte, ushort>(valueBytes);
        var bases = MemoryMarshal.Cast<byte, ushort>(baseBytes);
        var memory = new DeltaMemory(scratch.Differences(DeltaMemory.BytesFor(values.Length)), values.Length);
        mode = DenseMode;
        var escapes = DeltaSymbols.Write(values, bases, memory.Symbols, memory.Escapes);
        var changed = values.Length - memory.Symbols.Count((byte)0);
        if (escapes < 0)
        {
            return 0; // The base has little to do with the chunk.
        }

        if (changed <= values.Length * SparseFraction)
        {
            mode = SparseMode;
            return TryEncodeSparse(memory, memory.Escapes[..escapes], destination);
        }

        if (destination.Length < 2 * sizeof(ushort))
        {
            return 0;
        }

        var top = DeltaSymbols.FindTop(bases, shift);
        destination[0] = (byte)shift;
        destination[1] = top;
        DeltaSymbols.WriteContexts(bases, shift, top, memory.Contexts);
        var position = 2 + TryWriteEscapes(memory.Escapes[..escapes], destination[2..]);
        return position > 2 && _encoder.Prepare(memory.Symbols, memory.Contexts) <= destination.Length - position
            ? position + _encoder.Write(memory.Symbols, memory.Contexts, destination[position..])
            : 0;
    }

    private int TryEncodeSparse(in DeltaMemory memory, ReadOnlySpan<ushort> escapes, Span<byte> destination)
    {
        int gaps = 0, values = 0, last = -1;
        for (var i = memory.Symbols.IndexOfAnyExcept((byte)0); i >= 0;)
        {
            var gap = i - last - 1;
            for (; gap >= byte.MaxValue; gap -= byte.MaxValue)
            {
                memory.Gaps[gaps++] = byte.MaxValue;
            }

            memory.Gaps[gaps++] = (byte)gap;
            memory.Values[values++] = memory.Symbols[i];
            last = i;
            var next = memory.Symbols[(i + 1)..].IndexOfAnyExcept((byte)0);
            i = next < 0 ? -1 : i + 1 + next;
        }

        var position = TryWriteEscapes(escapes, destination);
        if (position == 0 || destination.Length - position < 2 * sizeof(int))
        {
            return 0;
        }

        BinaryPrimitives.WriteInt32LittleEndian(destination[position..], gaps);
        BinaryPrimitives.WriteInt32LittleEndian(destination[(position + sizeof(int))..], values);
        position += 2 * sizeof(int);
        if (values == 0)
        {
            return position;
        }

        var gapBytes = block.TryEncode(memory.Gaps[..gaps], destination[position..]);
        position += gapBytes;
        var valueBytes = gapBytes == 0 ? 0 : block.TryEncode(memory.Values[..values], destination[position..]);
        return valueBytes == 0 ? 0 : position + valueBytes;
    }

    private int TryEncodeWide(
        ReadOnlySpan<byte> values, ReadOnlySpan<byte> bases, Span<byte> destination, out byte mode)
    {
        mode = WideMode;
        var memory = scratch.Differences(2 * values.Length);
        var differences = memory[..values.Length];
        var planes = memory[values.Length..];
        if (!WideDelta.TrySubtract(Words(values), Words(bases), MemoryMarshal.Cast<byte, uint>(differences)))
        {
            return 0;
        }

        PlaneTransform.Split(PlaneLayout.DoubleWords, differences, planes);
        var position = 0;
        for (var count = values.Length / 4; !planes.IsEmpty; planes = planes[count..])
        {
            var written = block.TryEncode(planes[..count], destination[position..]);
            if (written == 0)
            {
                return 0;
            }

            position += written;
        }

        return position;
    }

    private void DecodeWords(ref PayloadReader reader, byte mode, ReadOnlySpan<byte> baseBytes, Span<byte> valueBytes)
    {
        var bases = MemoryMarshal.Cast<byte, ushort>(baseBytes);
        var memory = new DeltaMemory(scratch.Differences(DeltaMemory.BytesFor(bases.Length)), bases.Length);
        ReadOnlySpan<byte> escapes;
        if (mode == DenseMode)
        {
            int shift = reader.ReadByte();
            var top = reader.ReadByte();
            if (shift is not (DeltaSymbols.BFloat16Shift or DeltaSymbols.Float16Shift))
            {
                CorruptChunkException.Throw(ChunkCodec.Delta, $"exponents cannot begin at bit {shift}");
            }

            escapes = ReadEscapes(ref reader, bases.Length);
            DeltaSymbols.WriteContexts(bases, shift, top, memory.Contexts);
            _decoder.Decode(ref reader, memory.Contexts, memory.Symbols);
        }
        else
        {
            escapes = ReadEscapes(ref reader, bases.Length);
            DecodeSparse(ref reader, memory);
        }

        DeltaSymbols.Read(memory.Symbols, bases, escapes, MemoryMarshal.Cast<byte, ushort>(valueBytes));
    }

    private void DecodeSparse(ref PayloadReader reader, in DeltaMemory memory)
    {
        var gapCount = reader.ReadInt32();
        var valueCount = reader.ReadInt32();
        if ((uint)gapCount > (uint)memory.Gaps.Length || (uint)valueCount > (uint)memory.Values.Length)
        {
            CorruptChunkException.Throw(ChunkCodec.Delta, $"{gapCount} gaps and {valueCount} values are too many");
        }

        memory.Symbols.Clear();
        if (gapCount == 0 && valueCount == 0)
        {
            return;
        }

        block.Decode(ref reader, memory.Gaps[..gapCount]);
        block.Decode(ref reader, memory.Values[..valueCount]);
        int position = -1, taken = 0;
        foreach (var gap in memory.Gaps[..gapCount])
        {
            position += gap == byte.MaxValue ? byte.MaxValue : gap + 1;
            if (gap == byte.MaxValue)
            {
                continue;
            }

            if (position >= memory.Symbols.Length || taken == valueCount)
            {
                CorruptChunkException.Throw(ChunkCodec.Delta, $"change {taken} would be at number {position}");
            }

            memory.Symbols[position] = memory.Values[taken++];
        }
    }

    private void DecodeWide(ref PayloadReader reader, ReadOnlySpan<byte> bases, Span<byte> values)
    {
        var memory = scratch.Differences(2 * values.Length);
        var differences = memory[..values.Length];
        var planes = memory[values.Length..];
        var count = values.Length / 4;
        for (var plane = 0; plane < 4; plane++)
        {
            block.Decode(ref reader, planes.Slice(plane * count, count));
        }

        PlaneTransform.Merge(PlaneLayout.DoubleWords, planes, differences);
        WideDelta.Add(Words(differences), Words(bases), MemoryMarshal.Cast<byte, uint>(values));
    }

    private static ReadOnlySpan<uint> Words(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, uint>(bytes);

    private static int TryWriteEscapes(ReadOnlySpan<ushort> escapes, Span<byte> destination)
    {
        var bytes = MemoryMarshal.AsBytes(escapes);
        if (destination.Length < sizeof(int) + bytes.Length)
        {
            return 0;
        }

        BinaryPrimitives.WriteInt32LittleEndian(destination, escapes.Length);
        bytes.CopyTo(destination[sizeof(int)..]);
        return sizeof(int) + bytes.Length;
    }

    private static ReadOnlySpan<byte> ReadEscapes(scoped ref PayloadReader reader, int numbers)
    {
        var count = reader.ReadInt32();
        if ((uint)count > (uint)numbers)
        {
            CorruptChunkException.Throw(ChunkCodec.Delta, $"{count} escapes are announced for {numbers} numbers");
        }

        return reader.Read(count * sizeof(ushort));
    }
}
