namespace Continuity.Vault.Restore;

/// <summary>Decides which writes go past the page cache.</summary>
/// <remarks>Past it costs no copy and no memory, and the disk works from the first moment on; so a fast disk is done
/// sooner. A slow one would keep the restore waiting for what the cache could take at once, if it has the
/// room.</remarks>
/// <param name="path">What was asked for.</param>
/// <param name="fitsInCache">Whether the snapshot is small beside the memory.</param>
/// <param name="time">The clock that the disk is measured with.</param>
internal sealed class DirectWrites(WritePath path, bool fitsInCache, TimeProvider time)
{
    // Enough for a disk's own cache to be full of.
    private const long TrialBytes = 128L << 20;
    private const long SlowBytesPerSecond = 200L << 20;

    private long _bytes;
    private long _started;
    private volatile bool _isSlow;

    /// <summary>Threads to have beside one for each processor: somebody always waits for the disk.</summary>
    public int Threads { get; } = path == WritePath.Cached ? 0 : 1;

    /// <summary>Whether the next write goes past the cache.</summary>
    public bool AreNext => path != WritePath.Cached && !_isSlow;

    /// <summary>Says that a write past the cache begins.</summary>
    public void Begin()
    {
        if (Volatile.Read(ref _started) == 0)
        {
            Interlocked.CompareExchange(ref _started, time.GetTimestamp(), 0);
        }
    }

    /// <summary>Says that a write past the cache is done.</summary>
    public void End(int bytes)
    {
        var written = Interlocked.Add(ref _bytes, bytes);
        if (path == WritePath.Automatic && fitsInCache && written is >= TrialBytes and < 2 * TrialBytes)
        {
            var seconds = time.GetElapsedTime(Volatile.Read(ref _started)).TotalSeconds;
            _isSlow |= written < seconds * SlowBytesPerSecond;
        }
    }
}
