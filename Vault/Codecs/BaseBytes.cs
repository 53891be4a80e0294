namespace Continuity.Vault.Codecs;

/// <summary>The base of a delta, and how it lies to the chunk.</summary>
/// <param name="bytes">The base chunk; empty without one.</param>
/// <param name="offset">The place in the base that corresponds to the chunk's first byte.</param>
internal readonly ref struct BaseBytes(ReadOnlySpan<byte> bytes, int offset)
{
    // A base that covers less is not worth dividing a chunk for.
    private const int WorthWhile = 4096;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>The part of a chunk that the base has a counterpart for; empty when that is little.</summary>
    public (int Start, int End) Covers(int rawLength)
    {
        var start = Math.Clamp(-(long)offset, 0, rawLength);
        var end = Math.Clamp((long)Bytes.Length - offset, start, rawLength);
        return end - start < WorthWhile ? (0, 0) : ((int)start, (int)end);
    }

    /// <summary>Finds the place in the base of a stretch, if the base covers it.</summary>
    public bool TryLocate(int stretchOffset, int stretchLength, out int position)
    {
        var place = (long)stretchOffset + offset;
        position = (int)Math.Clamp(place, 0, int.MaxValue);
        return !Bytes.IsEmpty && place >= 0 && place + stretchLength <= Bytes.Length;
    }
}
