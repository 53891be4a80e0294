using System.Runtime.InteropServices;
using Continuity.Vault.Chunks;
using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Tensors;
using Continuity.Vault.Workers;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Backup;

/// <summary>Reads large files, cuts them by content and hands the pieces to the workers.</summary>
internal sealed class FileCutter : IDisposable
{
    private const int SegmentBytes = 8 << 20;
    private const int FewestSegments = 3;
    private const int MostSegments = 4;
    private const int SmallestHoleBytes = 64 << 10;

    private readonly Chunker _chunker;
    private readonly int _carryBytes;
    private readonly SegmentPool _pool;
    private readonly WorkerGroup<ChunkJob> _workers;
    private readonly Action<PlannedEntry> _plan;
    private KnownFile _known = new(TensorLayout.Unknown, null);
    private EarlierCuts? _earlier;

    public FileCutter(
        ChunkerParameters parameters, GearTable table, WorkerGroup<ChunkJob> workers, Action<PlannedEntry> plan)
    {
        _chunker = new Chunker(parameters, table);
        _carryBytes = parameters.MaximumBytes;
        _workers = workers;
        _plan = plan;
        // One that is being read, and what so few workers need meanwhile: memory costs when it's touched first.
        _pool = new SegmentPool(Math.Clamp(workers.Count + 1, FewestSegments, MostSegments), SegmentBytes);
    }

    /// <summary>Gets the bytes read so far.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Cuts a file.</summary>
    /// <param name="item">The file.</param>
    /// <param name="before">What was at its path in the snapshot before.</param>
    /// <param name="recognises">Whether chunks of that may be recognised without computing their ids.</param>
    public void Cut(SourceItem item, ManifestEntry? before, bool recognises)
    {
        SafeFileHandle handle;
        try
        {
            handle = item.Root!.OpenFile(item.Name, NativeMethods.ReadOnly);
        }
        catch (FileSystemException exception)
        {
            _plan(new PlannedEntry.Problem(item.Entry!.Path, exception.Message));
            return;
        }

        using (handle)
        {
            Cut(item, handle, before, recognises ? EarlierChunks.Of(before) : null);
        }
    }

    public void Dispose() => _pool.Dispose();

    private void Cut(SourceItem item, SafeFileHandle handle, ManifestEntry? before, EarlierChunks? chunks)
    {
        var size = item.Entry!.Stat.Size;
        var parts = new Parts(item.Entry, _plan);
        string? problem = null;
        try
        {
            var layout = TensorFile.ReadLayout(
                (offset, destination) => RandomAccess.Read(handle, destination, offset), size);
            _known = new KnownFile(layout, chunks);
            _earlier = EarlierCuts.Of(before, item.Entry, layout);
            long end = 0;
            foreach (var (start, length) in DataRanges(handle, item.Entry.Stat))
            {
                parts.AddHole(start - end);
                end = start + CutRange(handle, parts, start, length);
                if (end < start + length)
                {
                    break;
                }
            }

            parts.AddHole(size - end);
            problem = SourceProblem.AfterReading(item, handle, size);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What was read is kept and the rest is zeros: the file is listed as a problem, and the backup goes on.
            problem = exception.Message;
            parts.AddHole(size - parts.Length);
        }

        parts.Complete();
        if (problem is not null)
        {
            _plan(new PlannedEntry.Problem(item.Entry.Path, problem));
        }
    }

    /// <summary>Cuts a range without holes.</summary>
    /// <returns>The bytes read: fewer than asked for if the file ends early.</returns>
    private long CutRange(SafeFileHandle handle, Parts parts, long start, long length)
    {
        _chunker.Reset();
        long read = 0;
        var carried = 0;
        Segment? previous = null;
        var carryStart = 0;
        var ended = false;
        while (!ended)
        {
            var segment = _pool.Take(_workers.Stopped);
            var memory = segment.Memory;
            var begin = _carryBytes - carried;
            previous?.Memory.Span.Slice(carryStart, carried).CopyTo(memory.Span[begin..]);
            previous?.Release();
            previous = segment;
            var want = (int)Math.Min(length - read, memory.Length - _carryBytes);
            if (carried == 0 && _earlier is not null)
            {
                want = _earlier.WholeChunksFrom(parts.Length, want);
            }

            var got = Fill(handle, memory.Span.Slice(_carryBytes, want), start + read);
            read += got;
            ended = got < want || read == length;
            carryStart = CutSegment(segment, parts, begin, _carryBytes + got, ended);
            carried = _carryBytes + got - carryStart;
        }

        previous?.Release();
        return read;
    }

    private int CutSegment(Segment segment, Parts parts, int begin, int end, bool endOfStream)
    {
        while (begin < end)
        {
            var offset = parts.Length;
            var length = _earlier?.LengthAt(offset) ?? _chunker.FindCut(segment.Memory.Span[begin..end], endOfStream);
            if (length == 0 || length > end - begin)
            {
                if (!endOfStream || begin == end)
                {
                    break;
                }

                // The file ends before the version that it is compared with did.
                length = end - begin;
            }

            segment.Acquire();
            var (part, number) = parts.Reserve(length);
            var place = new PiecePlace(segment, begin, length, offset, _known, _earlier?.ChunkAt(offset, length));
            _workers.Post(new PieceJob(place, part, number));
            begin += length;
        }

        return begin;
    }

    private int Fill(SafeFileHandle handle, Span<byte> destination, long offset)
    {
        var filled = 0;
        while (filled < destination.Length)
        {
            var read = RandomAccess.Read(handle, destination[filled..], offset + filled);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        ReadBytes += filled;
        return filled;
    }

    private static IEnumerable<(long Start, long Length)> DataRanges(SafeFileHandle handle, FileStat stat)
    {
        if (stat.AllocatedBytes >= stat.Size - SmallestHoleBytes)
        {
            yield return (0, stat.Size);
            yield break;
        }

        var descriptor = (int)handle.DangerousGetHandle();
        for (long position = 0; position < stat.Size;)
        {
            var start = NativeMethods.Seek(descriptor, position, NativeMethods.SeekData);
            if (start < 0)
            {
                // No data behind this position; any other error means that the file system doesn't know holes.
                if (Marshal.GetLastPInvokeError() != NativeMethods.NoSuchDevice)
                {
                    yield return (position, stat.Size - position);
                }

                yield break;
            }

            var end = NativeMethods.Seek(descriptor, start, NativeMethods.SeekHole);
            end = end < 0 ? stat.Size : Math.Min(end, stat.Size);
            if (start < end)
            {
                yield return (start, end - start);
            }

            position = Math.Max(end, position + 1);
        }
    }

    /// <summary>The extents of the file that is being cut, planned in parts that a record can hold.</summary>
    private sealed class Parts(ManifestEntry entry, Action<PlannedEntry> plan)
    {
        private FilePart _part = new();
        private bool _first = true;

        public long Length { get; private set; }

        public void AddHole(long length)
        {
            if (length <= 0)
            {
                return;
            }

            NextIfFull();
            _part.AddHole(length);
            Length += length;
        }

        public (FilePart Part, int Number) Reserve(int length)
        {
            NextIfFull();
            Length += length;
            return (_part, _part.Reserve());
        }

        public void Complete()
        {
            plan(new PlannedEntry.Part(_first ? entry : entry with { Type = EntryType.MoreExtents }, _part));
            _part.Close();
            _first = false;
        }

        private void NextIfFull()
        {
            if (_part.IsFull)
            {
                Complete();
                _part = new FilePart();
            }
        }
    }
}
