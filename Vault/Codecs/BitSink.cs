using System.Runtime.CompilerServices;

namespace Continuity.Vault.Codecs;

/// <summary>Bits on their way into memory, the first in the lowest place.</summary>
/// <remarks>Each addition stores a whole word and moves on by its whole bytes: up to 7 bytes past the end are
/// overwritten.</remarks>
internal unsafe struct BitSink
{
    /// <summary>The most bits of one addition: with 7 that fill no byte yet they fit a word.</summary>
    public const int MostBits = 56;

    /// <summary>Where the next whole byte goes.</summary>
    public byte* Output;

    private ulong _bits;
    private int _count;

    /// <summary>Adds bits; those above <paramref name="count"/> are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong bits, int count)
    {
        _bits |= bits << _count;
        _count += count;
        *(ulong*)Output = _bits;
        Output += _count >> 3;
        _bits >>= _count & ~7;
        _count &= 7;
    }

    /// <summary>Stores what fills no byte yet.</summary>
    /// <returns>Where the bits end.</returns>
    public readonly byte* End()
    {
        *Output = (byte)_bits;
        return Output + (_count > 0 ? 1 : 0);
    }
}
