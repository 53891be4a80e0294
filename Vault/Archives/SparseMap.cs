namespace Continuity.Vault.Archives;

/// <summary>Where the stored bytes of a file with holes belong.</summary>
/// <param name="Length">The file's length.</param>
/// <param name="Pieces">The stored pieces, one after the other in the archive, in the order of their places.</param>
internal sealed record SparseMap(long Length, IReadOnlyList<(long Offset, long Length)> Pieces)
{
    /// <summary>More than any real file has; a header that says so lies.</summary>
    public const int MaximumPieces = 4_000_000;

    public static SparseMap Whole(long length) => new(length, [(0, length)]);

    /// <summary>Makes a map of numbers in pairs: offset, length, ...</summary>
    /// <exception cref="ArchiveException">The pieces aren't in order, or leave the file.</exception>
    public static SparseMap FromNumbers(long length, IReadOnlyList<long> numbers)
    {
        if (numbers.Count % 2 != 0 || length < 0)
        {
            throw Damaged();
        }

        var pieces = new List<(long Offset, long Length)>(numbers.Count / 2);
        var end = 0L;
        for (var i = 0; i < numbers.Count; i += 2)
        {
            var (offset, piece) = (numbers[i], numbers[i + 1]);
            if (offset < end || piece < 0 || offset > length || piece > length - offset)
            {
                throw Damaged();
            }

            end = offset + piece;
            pieces.Add((offset, piece));
        }

        return new SparseMap(length, pieces);
    }

    public static ArchiveException Damaged() => new("the map of a file with holes is damaged");
}
