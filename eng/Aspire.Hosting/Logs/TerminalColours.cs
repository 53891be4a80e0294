using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Logs;

/// <summary>The control sequences that colour a terminal, and only clutter a file.</summary>
internal static partial class TerminalColours
{
    private const char Escape = '\e';

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Remove(string? text) =>
        text is not null && text.Contains(Escape, StringComparison.Ordinal) ? Sequence().Replace(text, "") : text;

    // CSI: parameters, intermediates, a final letter (ECMA-48, 5.4).
    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]")]
    private static partial Regex Sequence();
}
