using System.IO.Hashing;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Snapshots;

/// <summary>Gathers records into manifest chunks, which end at records chosen by content: a change in one place leaves
/// the chunks of the rest as they were.</summary>
internal sealed class ManifestChunkBuilder
{
    private const int MinimumBytes = 64 << 10;
    private const int MaximumBytes = 1 << 20;
    private const ulong CutMask = 63;

    private readonly FormatWriter _chunk = new(MinimumBytes * 2);
    private readonly FormatWriter _body = new();
    private byte[] _previousPath = [];
    private bool _full;

    public bool IsEmpty => _chunk.Length == 0;

    /// <summary>The records gathered, until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Content => _chunk.Span;

    /// <summary>Adds a record.</summary>
    /// <returns>Whether the chunk is full: take its content and clear it.</returns>
    public bool Add(ManifestEntry entry)
    {
        if (_full)
        {
            throw new InvalidOperationException("The chunk is full and wasn't taken.");
        }

        _body.Clear();
        ManifestRecord.Write(_body, entry, _previousPath);
        _chunk.Bytes(_body.Span);
        if (entry.Type != EntryType.MoreExtents)
        {
            _previousPath = entry.Path;
        }

        _full = _chunk.Length >= MaximumBytes
            || (_chunk.Length >= MinimumBytes && (XxHash3.HashToUInt64(_body.Span) & CutMask) == 0);
        return _full;
    }

    public void Clear()
    {
        _chunk.Clear();
        _previousPath = [];
        _full = false;
    }
}
