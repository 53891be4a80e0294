using Continuity.Contracts.Jobs;

namespace Continuity.Workers.Jobs;

/// <summary>How far a piece of work is. Written by many threads, read by the reporter.</summary>
internal sealed class WorkProgress
{
    private long _filesDone;
    private long _filesTotal;
    private long _bytesDone;
    private long _bytesTotal;
    private volatile string _phase = "starting";

    public void Enter(string phase) => _phase = phase;

    public void Expect(long files, long bytes)
    {
        Interlocked.Add(ref _filesTotal, files);
        Interlocked.Add(ref _bytesTotal, bytes);
    }

    public void FileDone() => Interlocked.Increment(ref _filesDone);

    public void BytesDone(long bytes) => Interlocked.Add(ref _bytesDone, bytes);

    public JobProgress Read() => new()
    {
        FilesDone = Interlocked.Read(ref _filesDone),
        FilesTotal = Known(Interlocked.Read(ref _filesTotal)),
        BytesDone = Interlocked.Read(ref _bytesDone),
        BytesTotal = Known(Interlocked.Read(ref _bytesTotal)),
        Phase = _phase,
    };

    private static long? Known(long total) => total == 0 ? null : total;
}
