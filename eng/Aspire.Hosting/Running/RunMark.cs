using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>
/// A variable that every process of one run carries, so that none can hide by leaving its process group.
/// </summary>
internal sealed class RunMark(string stateFolder)
{
    public const string Variable = "LOCAL_STACK_RUN";

    public string Value { get; } = $"{stateFolder}#{Guid.NewGuid():N}";

    public string Entry => $"{Variable}={Value}";

    /// <summary>
    /// Ends what an earlier run with the same state folder left behind. The caller holds the folder's lock, so whatever
    /// carries the folder's mark without being ours has no owner any more.
    /// </summary>
    public static int EndLeftovers(string stateFolder)
    {
        var prefix = Encoding.UTF8.GetBytes($"{Variable}={stateFolder}#");
        var ended = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id)
                && id != Environment.ProcessId
                && ReadEnvironment(folder).AsSpan().IndexOf(prefix) >= 0)
            {
                Native.Kill(id, Native.SigKill);
                ended++;
            }
        }

        return ended;
    }

    private static byte[] ReadEnvironment(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that ended meanwhile: none of ours.
            return [];
        }
    }
}
