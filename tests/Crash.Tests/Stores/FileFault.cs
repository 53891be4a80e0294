using Continuity.Vault.Storage;
using Continuity.Vault.Tests.Storage;

namespace Continuity.Crash.Tests.Stores;

/// <summary>What goes wrong at one step of a file operation.</summary>
public enum FileFault
{
    /// <summary>The process dies before the step.</summary>
    Kill,

    /// <summary>The step fails with EIO.</summary>
    InputOutputError,

    /// <summary>The step fails with ENOSPC; steps that need no room succeed.</summary>
    NoSpace,

    /// <summary>A write takes half of its bytes and no error: it must go on with the rest. Other steps succeed.
    /// </summary>
    ShortWrite,

    /// <summary>A write takes half of its bytes and the process dies. Other steps: as <see cref="Kill"/>.</summary>
    TornWrite,
}

/// <summary>Lets the n-th step on the local disk go wrong. Thread-safe.</summary>
internal sealed class FileFaultPlan(FileFault? fault, long at)
{
    private const int InputOutputError = 5;
    private const int NoSpace = 28;

    private readonly Lock _lock = new();
    private long _steps;
    private bool _isTorn;
    private bool _isKilled;

    /// <summary>Steps asked for so far.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    public int BeforeStep(FileStep step, int bytes)
    {
        lock (_lock)
        {
            if (_isKilled || _isTorn)
            {
                _isKilled = true;
                throw new ProcessKilledException();
            }

            return _steps++ == at && fault is not null ? Fail(step, bytes) : bytes;
        }
    }

    private int Fail(FileStep step, int bytes)
    {
        switch (fault)
        {
            case FileFault.InputOutputError:
                throw new IOException($"Input/output error at {step}.", InputOutputError);
            case FileFault.NoSpace when step is not (FileStep.Delete or FileStep.FlushFolder or FileStep.FlushFile):
                throw new IOException($"No space left on device at {step}.", NoSpace);
            case FileFault.ShortWrite or FileFault.NoSpace:
                return (bytes + 1) / 2;
            case FileFault.TornWrite when step == FileStep.Write && bytes > 1:
                _isTorn = true;
                return bytes / 2;
            default:
                _isKilled = true;
                throw new ProcessKilledException();
        }
    }
}
