using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>A process that is told apart from a later one with the same id by its start time.</summary>
internal readonly record struct ProcessIdentity(int Id, long StartTicks);

internal static class ProcessTree
{
    private const int StateField = 0;
    private const int ParentField = 1;
    private const int GroupField = 2;
    private const int StartTimeField = 19;

    /// <summary>All children and their children, also those that left the process group.</summary>
    public static IReadOnlyList<ProcessIdentity> Descendants(int root)
    {
        var children = All().ToLookup(process => process.Parent, process => process.Identity);
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

    /// <summary>Whether a process of the group still runs.</summary>
    public static bool IsGroupAlive(int group) =>
        Native.Kill(-group, 0) && All().Any(process => process.Group == group);

    public static bool IsAlive(ProcessIdentity process) => Read(process.Id)?.Identity == process;

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

    /// <summary>The processes whose working folder is this one.</summary>
    public static IEnumerable<int> InFolder(string folder) =>
        All().Select(process => process.Identity.Id).Where(id => WorkingFolder(id) == folder);

    private static string? WorkingFolder(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/cwd").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<Status> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Read(id) : null)
        .OfType<Status>();

    private static Status? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The name in parentheses may hold blanks and parentheses itself: fields are counted after the last one.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // The dead that nobody buries do nothing any more, and may stay for ever where the machine's first process
            // does not care.
            return fields[StateField] == "Z"
                ? null
                : new Status(
                    Number(fields[ParentField]), Number(fields[GroupField]), new ProcessIdentity(id, Ticks(fields)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static long Ticks(string[] fields) => long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture);

    private sealed record Status(int Parent, int Group, ProcessIdentity Identity);
}
