using System.Globalization;

namespace Continuity.Aspire.Hosting.Tests.Running;

internal static class Alive
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// A zombie counts as gone: only its parent, which may be the machine's first process, can bury it.
    /// </summary>
    public static bool Is(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static int Parse(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    public static async Task UntilGoneAsync(IEnumerable<int> ids, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        foreach (var id in ids)
        {
            while (Is(id))
            {
                await Task.Delay(Step, TimeProvider.System, deadline.Token);
            }
        }
    }
}
