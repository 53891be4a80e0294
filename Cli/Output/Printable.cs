namespace Continuity.Cli.Output;

/// <summary>Makes text from outside safe to print: a file's name may hold what a terminal takes for commands.</summary>
internal static class Printable
{
    public static string Text(string text) => text.Any(IsUnsafe)
        ? string.Concat(text.Select(character => IsUnsafe(character) ? '\uFFFD' : character))
        : text;

    private static bool IsUnsafe(char character) => char.IsControl(character) && character is not ('\n' or '\t');
}
