using System.Globalization;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Fencing;

/// <summary>
/// The highest fencing token that a folder has seen, kept in the folder itself. Renames and deletions happen inside
/// <see cref="Guard"/>, under a lock, so that a worker which lost its lease and does not know it yet changes nothing.
/// </summary>
/// <remarks>
/// The lock only parts two writers for the moment of a rename; the right to write is the lease, and this its proof.
/// </remarks>
internal sealed class FolderFence
{
    private static readonly TimeSpan LockDeadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(5);

    private readonly FencingToken _token;
    private readonly string _lockPath;
    private readonly string _fencePath;
    private readonly TimeProvider _time;

    private FolderFence(string folder, FencingToken token, TimeProvider time)
    {
        _token = token;
        _time = time;
        var state = Path.Join(folder, ReservedNames.Folder);
        _lockPath = Path.Join(state, "lock");
        _fencePath = Path.Join(state, $"fence.{token.ArtefactSet}");
    }

    public long Token => _token.Value;

    /// <summary>Raises the folder's fence to this token. From here on every smaller token is refused.</summary>
    /// <exception cref="StaleFencingTokenException">The folder has seen a higher one.</exception>
    public static FolderFence Raise(
        string folder, FencingToken token, TimeProvider time, CancellationToken cancellationToken)
    {
        var fence = new FolderFence(folder, token, time);
        Directory.CreateDirectory(Path.Join(folder, ReservedNames.Folder));
        using var held = fence.Lock(cancellationToken);
        if (fence.Check() < token.Value)
        {
            fence.Write();
        }

        return fence;
    }

    /// <summary>Runs an action that changes names in the folder, unless a higher token has been seen.</summary>
    /// <exception cref="StaleFencingTokenException">It has; the action was not run.</exception>
    public void Guard(Action change, CancellationToken cancellationToken)
    {
        using var held = Lock(cancellationToken);
        Check();
        change();
    }

    private long Check()
    {
        var current = Read();
        return current <= Token ? current : throw new StaleFencingTokenException(_fencePath, Token, current);
    }

    private long Read()
    {
        string text;
        try
        {
            text = File.ReadAllText(_fencePath);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }

        return long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var current)
            ? current
            : throw new JobFailureException(
                FailureCodes.FenceCorrupt,
                $"'{_fencePath}' should hold the highest fencing token as a number. Make sure that no job runs "
                    + "on this folder, then delete the file.");
    }

    private void Write()
    {
        var beside = $"{_fencePath}.new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Token.ToString(CultureInfo.InvariantCulture) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        Posix.Rename(beside, _fencePath);
        Posix.SyncFolder(Path.GetDirectoryName(_fencePath)!);
    }

    // FileShare.None is an advisory lock (flock) that the kernel drops when its process dies, however it dies.
    private FileStream Lock(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (IsHeldByAnother(exception))
            {
                if (_time.GetElapsedTime(start) > LockDeadline)
                {
                    throw new JobFailureException(
                        FailureCodes.FenceBusy,
                        $"'{_lockPath}' has been locked by another process for {LockDeadline.TotalSeconds:0} s. "
                            + "A worker may be stopped in mid-step; end it, and the job goes on.",
                        exception);
                }

                Task.Delay(LockRetry, _time, cancellationToken).GetAwaiter().GetResult();
            }
        }
    }

    private static bool IsHeldByAnother(IOException exception)
    {
        const int WouldBlock = 11;
        const int SharingViolation = unchecked((int)0x80070020);
        return exception.GetType() == typeof(IOException) && exception.HResult is WouldBlock or SharingViolation;
    }
}
