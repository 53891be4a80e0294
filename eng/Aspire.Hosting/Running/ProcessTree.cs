using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>A process that is told apart from a later one with the same id by its start time.</summary>
internal readonly record struct ProcessIdentity(int Id, long StartTicks);

internal static class ProcessTree
{
    private const int ParentField = 1;
    private const int StartTimeField = 19;

    /// <summary>All children and their children, also those that left the process group.</summary>
    public static IReadOnlyList<ProcessIdentity> Descendants(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Read(id) : null)
            .OfType<(int Parent, ProcessIdentity Process)>()
            .ToLookup(entry => entry.Parent, entry => entry.Process);
        var found = new List<ProcessIdentity>();
        var next = new Queue<int>([root]);
        while (next.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                found.Add(child);
                next.Enqueue(child.Id);
            }
        }

        return found;
    }

    public static bool IsSame(ProcessIdentity process) => Read(process.Id)?.Process == process;

    /// <summary>The words that a process was started with; empty when there is none such.</summary>
    public static IReadOnlyList<string> CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static (int Parent, ProcessIdentity Process)? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The name in parentheses may hold blanks and parentheses itself: fields are counted after the last one.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var parent = int.Parse(fields[ParentField], CultureInfo.InvariantCulture);
            var start = long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture);
            return (parent, new ProcessIdentity(id, start));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
