using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>
/// A small shell that outlives its owner for a moment: when the pipe between them closes, it ends every process group
/// that is still up. It costs under 1 MB, so that a killed host leaves nothing behind.
/// </summary>
internal sealed class ProcessGuard : IDisposable
{
    private const int PatienceSeconds = 6;

    private readonly Process _shell;
    private readonly Lock _lock = new();
    private bool _isDisposed;

    private ProcessGuard(Process shell) => _shell = shell;

    public static ProcessGuard Start(ProcessSpawner spawner, string mark)
    {
        using var script = new StreamReader(typeof(ProcessGuard).Assembly.GetManifestResourceStream("guard.sh")!);
        var seconds = PatienceSeconds.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("setsid", ["sh", "-c", script.ReadToEnd(), "guard", mark, seconds])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        return new ProcessGuard(spawner.Start(start));
    }

    public void Watch(int group, StopSignal signal) =>
        Tell($"+{group} {(signal == StopSignal.Interrupt ? "INT" : "TERM")}");

    public void Forget(int group) => Tell($"-{group}");

    /// <summary>Closes the pipe: the guard ends what it still knows of, and then itself.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            try
            {
                _shell.StandardInput.Close();
            }
            catch (IOException)
            {
                // The guard is gone already, and there is nothing left to tell it.
            }
        }

        _shell.WaitForExit(TimeSpan.FromSeconds(PatienceSeconds * 2));
        _shell.Dispose();
    }

    private void Tell(string line)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return; // It ends everything: a process whose end is noticed only now need not be forgotten.
            }

            try
            {
                _shell.StandardInput.WriteLine(line);
                _shell.StandardInput.Flush();
            }
            catch (IOException)
            {
                Console.Error.WriteLine(
                    "The guard process is gone: if this host is killed, its processes stay behind.");
            }
        }
    }
}
