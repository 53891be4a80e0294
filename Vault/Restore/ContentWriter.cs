using System.Buffers;
using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Packs;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;
using Continuity.Vault.Workers;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Restore;

/// <summary>Writes the content of files. One instance serves one thread.</summary>
internal sealed class ContentWriter : IWorker<RestoreJob>
{
    private readonly RestoreContext _context;
    private readonly TargetTree _tree;
    private readonly ChunkFetcher _fetcher;
    private readonly IMemoryOwner<byte> _buffer = AlignedMemoryPool.Shared.Rent(WindowWriter.BufferBytes);
    private readonly Memory<byte> _chunk = LargeMemory.Allocate(FormatLimits.ChunkBytes);
    private ChunkId _chunkId;
    private int _chunkLength = -1;

    public ContentWriter(RestoreContext context)
    {
        _context = context;
        _tree = new TargetTree(context.Target, context.Options.Owners);
        _fetcher = new ChunkFetcher(context.Repository.Store, context.Index);
    }

    public void Process(RestoreJob item)
    {
        switch (item)
        {
            case RestoreJob.SmallFiles small:
                foreach (var entry in small.Entries)
                {
                    WriteSmall(entry);
                }

                break;
            case RestoreJob.Window window:
                WriteWindow(window);
                break;
        }
    }

    public void Dispose()
    {
        _tree.Dispose();
        _fetcher.Dispose();
        _buffer.Dispose();
    }

    private void WriteSmall(ManifestEntry entry)
    {
        try
        {
            var content = _buffer.Memory.Span[..(int)entry.Stat.Size];
            Assemble(entry, content);
            var parent = _tree.OpenParent(entry.Path, out var name);
            if (WriteWhole(parent, name, content))
            {
                _context.AddWritten(content.Length);
            }

            _tree.SetMetadata(entry);
            _context.AddFile(entry.Stat.Size);
        }
        catch (Exception exception) when (RestoreProblems.IsOfEntry(exception))
        {
            _context.Problems.Add(entry.DisplayPath, exception);
        }
    }

    private void Assemble(ManifestEntry entry, Span<byte> content)
    {
        var length = 0;
        foreach (var extent in entry.Extents)
        {
            var piece = content.Slice(length, (int)extent.Length);
            if (extent.IsHole)
            {
                piece.Clear();
            }
            else
            {
                Chunk(extent.Chunk).Slice(extent.Offset, piece.Length).CopyTo(piece);
            }

            length += piece.Length;
        }
    }

    private ReadOnlySpan<byte> Chunk(ChunkId id)
    {
        if (_chunkLength < 0 || _chunkId != id)
        {
            _chunkLength = -1;
            _chunkLength = _fetcher.Read(id, _chunk.Span, _context.Stopped);
            _chunkId = id;
        }

        return _chunk.Span[.._chunkLength];
    }

    /// <summary>Writes a small file unless it is as it should be.</summary>
    private static bool WriteWhole(FolderHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        const uint OwnerOnly = 0x180;
        const int NewFile = NativeMethods.WriteOnly | NativeMethods.Create | NativeMethods.Exclusive;
        var handle = parent.TryCreateFile(name, NewFile, OwnerOnly);
        if (handle is null)
        {
            if (parent.TryStat(name, out var present))
            {
                if (present.Kind == FileKind.File && present.Size == content.Length && IsSame(parent, name, content))
                {
                    return false;
                }

                // A new file and not new content: other links to the old one keep theirs.
                parent.Remove(name, present.Kind == FileKind.Folder);
            }

            handle = parent.OpenFile(name, NewFile, OwnerOnly);
        }

        using (handle)
        {
            FileContent.Write(handle, content, name);
        }

        return true;
    }

    private static bool IsSame(FolderHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        using var handle = parent.OpenFile(name, NativeMethods.ReadOnly);
        var present = ArrayPool<byte>.Shared.Rent(Math.Max(1, content.Length));
        try
        {
            return RandomAccess.Read(handle, present.AsSpan(0, content.Length), 0) == content.Length
                && present.AsSpan(0, content.Length).SequenceEqual(content);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(present);
        }
    }

    private void WriteWindow(RestoreJob.Window window)
    {
        var file = window.File;
        try
        {
            if (!file.IsFailed && window.Extents.Count > 0)
            {
                var parent = _tree.OpenParent(file.Entry.Path, out var name);
                using var handle = parent.OpenFile(name, NativeMethods.ReadWrite);
                using var direct = _context.Direct.AreNext ? OpenDirect(parent, name) : null;
                new WindowWriter(_context, _fetcher, _buffer.Memory, handle, direct).Write(window);
            }
        }
        catch (Exception exception) when (RestoreProblems.IsOfEntry(exception))
        {
            Fail(file, exception);
        }

        if (file.Release())
        {
            Finish(file);
        }
    }

    private static SafeFileHandle? OpenDirect(FolderHandle parent, ReadOnlySpan<byte> name)
    {
        var handle = parent.OpenFile(name, NativeMethods.WriteOnly);
        if (FileSystem.TrySetDirect(handle, enabled: true))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Sets the metadata of a large file once all of it is written.</summary>
    private void Finish(RestoredFile file)
    {
        if (file.IsFailed)
        {
            return;
        }

        try
        {
            _tree.SetMetadata(file.Entry);
            _context.AddFile(0);
        }
        catch (Exception exception) when (RestoreProblems.IsOfEntry(exception))
        {
            Fail(file, exception);
        }
    }

    private void Fail(RestoredFile file, Exception exception)
    {
        if (file.TryFail())
        {
            _context.Problems.Add(file.Entry.DisplayPath, exception);
        }
    }
}
