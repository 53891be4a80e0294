using System.Runtime.InteropServices;

namespace Continuity.Vault.Codecs;

/// <summary>The working memory of a delta, divided up.</summary>
internal readonly ref struct DeltaMemory
{
    // More escapes than this, and a delta would hardly be shorter than the planes.
    private const int NumbersPerEscape = 8;
    private const int NumbersPerChange = 4;

    public DeltaMemory(Span<byte> memory, int numbers)
    {
        // Escapes first, for their alignment.
        Escapes = MemoryMarshal.Cast<byte, ushort>(Take(ref memory, EscapeBytes(numbers)));
        Symbols = Take(ref memory, numbers);
        Contexts = Take(ref memory, numbers);
        Values = Take(ref memory, numbers / NumbersPerChange);
        Gaps = Take(ref memory, GapBytes(numbers));
    }

    /// <summary>Gets room for the new values of differences that are no symbol.</summary>
    public Span<ushort> Escapes { get; }

    /// <summary>Gets one symbol per number.</summary>
    public Span<byte> Symbols { get; }

    /// <summary>Gets one context per number.</summary>
    public Span<byte> Contexts { get; }

    /// <summary>Gets room for the symbols that are not 0.</summary>
    public Span<byte> Values { get; }

    /// <summary>Gets room for the distances between them.</summary>
    public Span<byte> Gaps { get; }

    public static int BytesFor(int numbers)
        => EscapeBytes(numbers) + (2 * numbers) + (numbers / NumbersPerChange) + GapBytes(numbers);

    private static int EscapeBytes(int numbers) => numbers / NumbersPerEscape * sizeof(ushort);

    private static int GapBytes(int numbers) => (numbers / NumbersPerChange) + (numbers / byte.MaxValue) + 1;

    private static Span<byte> Take(scoped ref Span<byte> memory, int length)
    {
        var taken = memory[..length];
        memory = memory[length..];
        return taken;
    }
}
