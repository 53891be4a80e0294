using System.Buffers;
using System.Security.Cryptography;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Packs;

/// <summary>A pack that is being filled, in memory.</summary>
/// <remarks>Room is reserved under a lock and filled outside it, so that several workers encrypt into one pack at
/// once.</remarks>
internal sealed class PackBuilder : IDisposable
{
    // A footer entry with its base, and some: what must stay free behind the frames.
    private const int ReservePerEntry = 80;
    private const int Reserve = PackLayout.TrailerBytes + PackLayout.TagBytes + PackLayout.PageBytes;

    private readonly IMemoryOwner<byte> _buffer;
    private readonly BlobHeader _header;
    private readonly int _target;
    private readonly List<PackEntry> _entries = [];
    private int _end = BlobHeader.Length;
    private int _unfilled = 1;

    /// <summary>Begins a pack.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="kind">Data or manifest.</param>
    /// <param name="buffer">Memory for the whole pack, given back by <see cref="Dispose"/>.</param>
    /// <param name="target">The most bytes of the pack, at most the buffer's.</param>
    public PackBuilder(KeyRing keys, BlobKind kind, IMemoryOwner<byte> buffer, int target)
    {
        _buffer = buffer;
        _target = Math.Min(target, buffer.Memory.Length);
        (_header, Key) = keys.NewBlob(kind, BlobId.NewRandom());
        _header.WriteTo(buffer.Memory.Span);
    }

    public BlobId Id => _header.Id;

    public BlobKind Kind => _header.Kind;

    public string Name => BlobNames.Pack(Id);

    public byte[] Key { get; }

    public IReadOnlyList<PackEntry> Entries => _entries;

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The finished pack, after <see cref="Finish"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Takes room for a frame; not thread-safe, so called under the owner's lock.</summary>
    /// <returns>The frame's offset, or -1 if the pack is full.</returns>
    public int TryReserve(in PackEntry entry)
    {
        var needed = entry.FrameLength + ((_entries.Count + 1) * ReservePerEntry) + Reserve;
        if (_end > _target - needed)
        {
            return -1;
        }

        var offset = _end;
        _end += entry.FrameLength;
        _entries.Add(entry);
        Interlocked.Increment(ref _unfilled);
        return offset;
    }

    /// <summary>Encrypts a payload into the room reserved for it.</summary>
    public void Fill(AesGcm cipher, int offset, in PackEntry entry, ReadOnlySpan<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[PackLayout.NonceBytes];
        Span<byte> associated = stackalloc byte[PackEntry.AssociatedBytes];
        PackLayout.WriteFrameNonce(nonce, offset);
        entry.WriteAssociatedData(associated);
        var frame = _buffer.Memory.Span.Slice(offset, entry.FrameLength);
        cipher.Encrypt(nonce, payload, frame[..payload.Length], frame[payload.Length..], associated);
    }

    /// <summary>Says that one reserved frame is filled, or that no more will be reserved.</summary>
    /// <returns>Whether this was the last thing the pack waited for: the caller finishes it.</returns>
    public bool Release() => Interlocked.Decrement(ref _unfilled) == 0;

    /// <summary>Writes padding, footer and trailer; every reserved frame must be filled.</summary>
    public void Finish()
    {
        var writer = new FormatWriter(_entries.Count * ReservePerEntry);
        foreach (var entry in _entries)
        {
            entry.WriteTo(writer);
        }

        var layout = new PackLayout(writer.Length + PackLayout.TagBytes, _entries.Count, _end);
        var pack = _buffer.Memory.Span[..layout.PackLength];
        var footer = pack.Slice(layout.FooterOffset(pack.Length), layout.FooterLength);
        var trailer = pack[^PackLayout.TrailerBytes..];
        pack[_end..layout.FooterOffset(pack.Length)].Clear();
        layout.WriteTo(trailer);
        Span<byte> nonce = stackalloc byte[PackLayout.NonceBytes];
        PackLayout.WriteFooterNonce(nonce);
        using var cipher = new AesGcm(Key, PackLayout.TagBytes);
        cipher.Encrypt(
            nonce, writer.Span, footer[..writer.Length], footer[writer.Length..], trailer[..PackLayout.CheckedBytes]);
        Content = _buffer.Memory[..layout.PackLength];
    }

    public void Dispose() => _buffer.Dispose();
}
