using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Packs;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Restore;

/// <summary>Writes a window of a large file: chunks are decoded straight to where they are written from.</summary>
/// <remarks>The buffer's start stands for a page boundary of the file. Whole pages go past the page cache; the pages at
/// the window's two ends, which its neighbours write to as well, go through it.</remarks>
internal sealed class WindowWriter(
    RestoreContext context, ChunkFetcher fetcher, Memory<byte> buffer, SafeFileHandle file, SafeFileHandle? direct)
{
    public const int BufferBytes = FlushBytes + FormatLimits.ChunkBytes;

    private const int FlushBytes = 4 << 20;
    private const int PageBytes = AlignedMemoryPool.Alignment;

    private readonly byte[]? _present = context.IsFresh ? null : new byte[FormatLimits.ChunkBytes];

    // Bytes from _start to _end of the buffer are to be written; the buffer's byte 0 is the file's byte _origin.
    private long _origin;
    private int _start;
    private int _end;

    public void Write(RestoreJob.Window window)
    {
        Begin(window.Offset);
        foreach (var extent in window.Extents)
        {
            if (_end >= FlushBytes)
            {
                Flush(isLast: false);
            }

            if (extent.IsHole)
            {
                Flush(isLast: true);
                var offset = _origin + _end;
                Clear(offset, extent.Length);
                Begin(offset + extent.Length);
            }
            else
            {
                Write(extent);
            }

            context.AddBytes(extent.Length);
        }

        Flush(isLast: true);
    }

    private void Begin(long offset)
    {
        _start = _end = (int)(offset % PageBytes);
        _origin = offset - _start;
    }

    private void Write(Extent extent)
    {
        if (_present is not null && IsPresent(extent))
        {
            Flush(isLast: true);
            Begin(_origin + _end + extent.Length);
            return;
        }

        var destination = buffer.Span[_end..];
        var length = fetcher.Read(extent.Chunk, destination, context.Stopped);
        if (extent.Offset + extent.Length > length)
        {
            throw new CorruptBlobException(
                BlobNames.Snapshot(context.Snapshot.Id), $"an extent passes the end of chunk {extent.Chunk}");
        }

        if (extent.Offset > 0)
        {
            destination.Slice(extent.Offset, (int)extent.Length).CopyTo(destination);
        }

        _end += (int)extent.Length;
    }

    /// <summary>Whether the file holds the chunk already: then it is neither fetched nor written.</summary>
    private bool IsPresent(Extent extent)
    {
        if (extent.Kind != ExtentKind.WholeChunk)
        {
            return false;
        }

        var present = _present.AsSpan(0, (int)extent.Length);
        return RandomAccess.Read(file, present, _origin + _end) == present.Length
            && context.Hasher.Hash(present) == extent.Chunk;
    }

    private void Flush(bool isLast)
    {
        var pages = _end / PageBytes * PageBytes;
        var head = Math.Min(_end, (_start + PageBytes - 1) / PageBytes * PageBytes);
        if (direct is not null && pages > head && context.Direct.AreNext)
        {
            context.Direct.Begin();
            Write(direct, head, pages);
            context.Direct.End(pages - head);
            Write(file, _start, head);
        }
        else
        {
            pages = head = isLast ? _end : pages;
            Write(file, _start, head);
        }

        if (isLast)
        {
            Write(file, Math.Max(pages, head), _end);
            _start = _end;
            return;
        }

        // What is left of the last page moves to the front, and the buffer moves on in the file.
        var written = Math.Max(pages, head);
        buffer.Span[written.._end].CopyTo(buffer.Span);
        _origin += written;
        _end -= written;
        _start = 0;
    }

    private void Write(SafeFileHandle handle, int start, int end)
    {
        if (end > start)
        {
            RandomAccess.Write(handle, buffer.Span[start..end], _origin + start);
            context.AddWritten(end - start);
        }
    }

    // A new file reads as zeros where nothing was written; an old one is punched.
    private void Clear(long offset, long length)
    {
        const int PunchHole = 3;
        if (!context.IsFresh && NativeMethods.Allocate((int)file.DangerousGetHandle(), PunchHole, offset, length) != 0)
        {
            throw FileSystemException.Last("make a hole in", "a file"u8);
        }
    }
}
