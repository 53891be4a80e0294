using System.Globalization;

namespace Continuity.Testing.Processes;

/// <summary>The processes that a process has started, by <c>/proc</c>.</summary>
internal static class ProcessChildren
{
    /// <summary>The ids of those that run now.</summary>
    public static IReadOnlyList<int> Of(int parent) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && StateOf(id) is (not 'Z', var itsParent) && itsParent == parent)];

    /// <summary>Whether it runs; one that has ended and that nobody has waited for does not.</summary>
    public static bool IsRunning(int id) => StateOf(id) is (not 'Z', _);

    // "id (name) state parent ...", where the name may hold anything.
    private static (char State, int Parent)? StateOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }
}
