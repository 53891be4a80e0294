using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Continuity.Vault.Codecs;

/// <summary>What becomes of numbers that are put together: they are written, or compared with what is there.</summary>
/// <remarks>So what proves a chunk is the code that will read it.</remarks>
internal interface INumberSink
{
    /// <summary>Takes bytes.</summary>
    /// <returns>Whether to go on.</returns>
    static abstract bool Put(Vector512<byte> bytes, ref byte place);

    /// <inheritdoc cref="Put(Vector512{byte}, ref byte)"/>
    static abstract bool Put(Vector256<byte> bytes, ref byte place);

    /// <inheritdoc cref="Put(Vector512{byte}, ref byte)"/>
    static abstract bool Put(Vector128<byte> bytes, ref byte place);

    /// <inheritdoc cref="Put(Vector512{byte}, ref byte)"/>
    static abstract bool Put(byte value, ref byte place);
}

/// <summary>Writes numbers to where they belong.</summary>
internal readonly struct StoredNumbers : INumberSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(Vector512<byte> bytes, ref byte place)
    {
        bytes.StoreUnsafe(ref place);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(Vector256<byte> bytes, ref byte place)
    {
        bytes.StoreUnsafe(ref place);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(Vector128<byte> bytes, ref byte place)
    {
        bytes.StoreUnsafe(ref place);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(byte value, ref byte place)
    {
        place = value;
        return true;
    }
}

/// <summary>Compares numbers with those that are there, and ends at the first that differs.</summary>
internal readonly struct ComparedNumbers : INumberSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(Vector512<byte> bytes, ref byte place) => bytes == Vector512.LoadUnsafe(ref place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(Vector256<byte> bytes, ref byte place) => bytes == Vector256.LoadUnsafe(ref place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(Vector128<byte> bytes, ref byte place) => bytes == Vector128.LoadUnsafe(ref place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(byte value, ref byte place) => value == place;
}
