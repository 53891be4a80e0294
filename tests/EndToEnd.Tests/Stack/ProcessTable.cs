using System.Globalization;

namespace Continuity.EndToEnd.Tests.Stack;

/// <summary>What runs on this machine, by <c>/proc</c>.</summary>
internal static class ProcessTable
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Processes whose command line, environment or working folder holds a text, by id. A server process of PostgreSQL
    /// writes its title over the first two and is known by its folder alone.
    /// </summary>
    public static IReadOnlyDictionary<int, string> With(string text) =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && IsRunning(id))
            .Select(id => (Id: id, Command: Read(id, "cmdline")))
            .Where(process => process.Command.Contains(text, StringComparison.Ordinal)
                || Read(process.Id, "environ").Contains(text, StringComparison.Ordinal)
                || WorkingFolder(process.Id).Contains(text, StringComparison.Ordinal))
            .ToDictionary(process => process.Id, process => process.Command);

    /// <summary>
    /// Waits for processes, and all that are <see cref="With"/> a text, to end; gives those that have not by the
    /// deadline.
    /// </summary>
    public static async Task<IReadOnlyList<string>> WaitUntilGoneAsync(
        IReadOnlyCollection<int> ids, string text, TimeSpan deadline)
    {
        using var expiry = new CancellationTokenSource(deadline, TimeProvider.System);
        while (true)
        {
            var left = ids.Where(IsRunning).Union(With(text).Keys).ToList();
            if (left.Count == 0 || expiry.IsCancellationRequested)
            {
                return [.. left.Select(id => $"{id}: {Read(id, "cmdline")}")];
            }

            await Task.Delay(_pollInterval, TimeProvider.System);
        }
    }

    // One that has ended and that nobody has waited for runs no more. The state follows the name in parentheses.
    private static bool IsRunning(int id) => Read(id, "stat") is { Length: > 0 } stat && !stat.Contains(") Z ");

    private static string WorkingFolder(int id)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}").Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
