using System.Globalization;
using System.Text.RegularExpressions;

namespace Continuity.Vault.Checkpoints;

/// <summary>Names that files of one checkpoint give each other.</summary>
internal static partial class ShardNames
{
    // A name that says "one of a million" is a mistake or an attack; real checkpoints have at most thousands.
    private const int MaxShards = 100_000;

    /// <summary>Returns the name of a file in the same folder.</summary>
    public static string Beside(string file, string name) => file[..(file.LastIndexOf('/') + 1)] + name;

    /// <summary>Resolves a name that an index gives; null if it leaves the index's folder.</summary>
    public static string? Resolve(string index, string name)
    {
        var segments = name.Replace('\\', '/').Split('/');
        return name.Length == 0 || name[0] == '/' || name.Contains('\0', StringComparison.Ordinal)
            || segments.Any(segment => segment is "" or "." or "..")
            ? null
            : Beside(index, string.Join('/', segments));
    }

    /// <summary>Returns all names of a numbered set that a name belongs to (<c>model-00001-of-00003.safetensors</c>),
    /// or null.</summary>
    public static IReadOnlyList<string>? SiblingsOf(string file)
    {
        var match = Numbered().Match(file);
        if (!match.Success
            || !int.TryParse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > MaxShards
            || !int.TryParse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        // Hugging Face counts from 1, TensorFlow from 0.
        var first = number == 0 || file.Contains(".data-", StringComparison.Ordinal) ? 0 : 1;
        var width = match.Groups["number"].Length;
        return [.. Enumerable.Range(first, count).Select(part =>
            match.Groups["before"].Value
            + part.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0')
            + match.Groups["between"].Value)];
    }

    [GeneratedRegex(@"^(?<before>.*-)(?<number>\d{1,9})(?<between>-of-(?<count>\d{1,9})(\.[A-Za-z]+)?)$")]
    private static partial Regex Numbered();
}
