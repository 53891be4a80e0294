using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>When the host should stop, and when it has.</summary>
internal sealed class HostLife : IDisposable
{
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _signals;
    private readonly CancellationTokenSource _stopping = new();

    public HostLife() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
    ];

    public Task StopRequested => _stopRequested.Task;

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Asks the host to stop and waits until all its processes have ended.</summary>
    public Task StopAsync()
    {
        Request();
        return _stopped.Task;
    }

    public void Request()
    {
        if (_stopRequested.TrySetResult())
        {
            _stopping.Cancel();
        }
    }

    public void Stopped() => _stopped.TrySetResult();

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _stopping.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Request();
    }
}
