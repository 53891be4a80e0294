using System.Collections.Concurrent;
using System.Diagnostics;

namespace Continuity.Testing.Processes;

/// <summary>
/// Starts children from one thread that lives as long as the process: the kernel sends a child its parent-death signal
/// when the <em>thread</em> that started it ends, and threads of the pool come and go.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<(Process Process, TaskCompletionSource Started)> _requests = [];
    private static readonly Lazy<Thread> _thread = new(StartThread);

    public static Task StartAsync(Process process)
    {
        _ = _thread.Value;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add((process, started));
        return started.Task;
    }

    private static Thread StartThread()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "process starter" };
        thread.Start();
        return thread;
    }

    private static void Run()
    {
        foreach (var (process, started) in _requests.GetConsumingEnumerable())
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        }
    }
}
