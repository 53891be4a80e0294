namespace Continuity.Vault.Codecs;

/// <summary>Ways to write codes. What they write is the same.</summary>
internal enum HuffmanWriting
{
    /// <summary>A lookup for each symbol.</summary>
    One,

    /// <summary>A lookup for each two symbols, where few values occur.</summary>
    ByPairs,

    /// <summary>64 symbols at a time, by <see cref="Vector512HuffmanWriter"/>.</summary>
    ByVectors,
}
