namespace Continuity.Vault.Codecs;

/// <summary>How numbers are taken apart into planes. The values are format.</summary>
internal enum PlaneLayout : byte
{
    /// <summary>One plane: the bytes as they are.</summary>
    Bytes = 1,

    /// <summary>
    /// 16-bit numbers, rotated left by one bit: the plane with the sign and the low bits, then the exponents.
    /// </summary>
    Words = 2,

    /// <summary>32-bit numbers, rotated left by one bit: four planes, the exponents last.</summary>
    DoubleWords = 4,

    /// <summary>
    /// Blocks of 18 bytes: low bytes of the scales, high bytes of the scales, and the 16 bytes of digits.
    /// </summary>
    Q4Blocks = 18,
}

/// <summary>Sizes of the layouts.</summary>
internal static class PlaneLayouts
{
    public const int MaximumPlanes = 4;

    /// <summary>The layout for a kind of numbers; <see cref="PlaneLayout.Bytes"/> when the kind says nothing.</summary>
    public static PlaneLayout Of(ElementKind kind) => kind switch
    {
        ElementKind.BFloat16 or ElementKind.Float16 => PlaneLayout.Words,
        ElementKind.Float32 => PlaneLayout.DoubleWords,
        ElementKind.Q4Blocks => PlaneLayout.Q4Blocks,
        _ => PlaneLayout.Bytes,
    };

    public static bool IsKnown(PlaneLayout layout)
        => layout is PlaneLayout.Bytes or PlaneLayout.Words or PlaneLayout.DoubleWords or PlaneLayout.Q4Blocks;

    /// <summary>Bytes per number or block.</summary>
    public static int Width(this PlaneLayout layout) => (int)layout;

    public static int PlaneCount(this PlaneLayout layout) => layout == PlaneLayout.Q4Blocks ? 3 : (int)layout;

    /// <summary>Bytes of a plane for each number or block.</summary>
    public static int PlaneWidth(this PlaneLayout layout, int plane)
        => layout == PlaneLayout.Q4Blocks && plane == 2 ? 16 : 1;
}
