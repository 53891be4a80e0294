using System.Numerics;
using System.Runtime.CompilerServices;

namespace Continuity.Vault.Codecs;

/// <summary>Bits taken from memory, the first in the lowest place, below a marker of how many were used.</summary>
/// <remarks>Using bits is shifting them out. The marker is moved down by that, so nobody needs to count: one register
/// per stream is less, and one addition per code.</remarks>
internal static unsafe class MarkedBits
{
    /// <summary>What to begin with: a marker in the highest place and no bit used.</summary>
    public const ulong None = 1UL << 63;

    /// <summary>The bits that can be used between two refills.</summary>
    public const int BitsPerRefill = 56;

    /// <summary>The most bytes that a refill moves on by.</summary>
    public const int BytesPerRefill = 7;

    /// <summary>The bytes from where a stream is that a refill may read.</summary>
    public const int RefillBytes = BytesPerRefill + sizeof(ulong);

    /// <summary>Moves on by the bytes that are used up, and reads eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Refill(ref byte* input, ulong bits)
    {
        var used = (uint)BitOperations.LeadingZeroCount(bits);
        input += used >> 3;
        return (*(ulong*)input | None) >> (int)(used & 7);
    }

    /// <summary>How many bits were used since the last refill, with those that it passed.</summary>
    public static int Used(ulong bits) => BitOperations.LeadingZeroCount(bits);
}
