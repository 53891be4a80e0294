namespace Continuity.ModelServer.Text;

/// <summary>
/// The tokens: words, endings that join the word before them, marks, and text that takes several bytes.
/// </summary>
internal static class Vocabulary
{
    private const ulong PartsOfHundred = 100;
    private const ulong WordsUpTo = 66;
    private const ulong EndingsUpTo = 80;
    private const ulong MarksUpTo = 93;

    private static readonly string[] _words =
    [
        " the", " a", " site", " replica", " gateway", " answers", " request", " stream", " while", " another", " east",
        " west", " leader", " copy", " data", " vault", " chunk", " pack", " index", " snapshot", " restore", " after",
        " before", " each", " every", " lease", " token", " clock", " second", " minute", " probe", " healthy", " gray",
        " failure", " recovery", " plan", " drill", " evidence", " measured", " work", " waits", " returns", " route",
        " model", " weight", " tensor", " batch", " queue", " prompt", " line", " power", " network", " disk", " rack",
        " in", " of", " to", " and", " with", " from", " is", " was", " stays", " moves",
    ];

    private static readonly string[] _endings = ["s", "ing", "ed", "er", "ly", "-safe", "ness", "able", "over", "'s"];

    private static readonly string[] _marks =
        [",", ".", ";", ":", " -", "\n", "!", "?", " \"", "\" ", " (", ")", "\\", "\t"];

    // On purpose: characters of two, three and four bytes, a mark that combines with the character of the token before
    // it, and the halves of a joined emoji, which are tokens of their own.
    private static readonly string[] _severalBytes =
    [
        " größe", " café", " naïve", " €", " 東京", "データ", " Москва", " 🚀", "🙂", " 👩", "\u200d💻", " e", "\u0301",
        "\u0308", " עברית", " 한국", "𝄞", " ½",
    ];

    /// <summary>The token that a number stands for.</summary>
    public static string Token(ulong number)
    {
        var pieces = (number % PartsOfHundred) switch
        {
            < WordsUpTo => _words,
            < EndingsUpTo => _endings,
            < MarksUpTo => _marks,
            _ => _severalBytes,
        };
        return pieces[(number / PartsOfHundred) % (ulong)pieces.Length];
    }
}
