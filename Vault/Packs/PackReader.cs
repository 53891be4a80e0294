using System.Security.Cryptography;
using Continuity.Vault.Codecs;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Packs;

/// <summary>Opens the parts of a pack. One instance serves one thread.</summary>
internal sealed class PackReader : IDisposable
{
    private readonly AesGcm _cipher;
    private readonly string _name;

    /// <summary>Opens a pack by its header.</summary>
    public PackReader(KeyRing keys, BlobId id, BlobKind kind, ReadOnlySpan<byte> header)
    {
        Id = id;
        _name = BlobNames.Pack(id);
        var read = BlobHeader.Read(header, _name, kind, id);
        IsOfWriterKey = read.IsAgreed;
        _cipher = new AesGcm(keys.KeyOf(read, _name), PackLayout.TagBytes);
    }

    /// <summary>Whether a writer's key was enough to make the pack.</summary>
    public bool IsOfWriterKey { get; }

    public BlobId Id { get; }

    /// <summary>Decrypts a frame.</summary>
    /// <param name="entry">The chunk that it must hold.</param>
    /// <param name="offset">Where it is in the pack.</param>
    /// <param name="frame">Its bytes, with the tag.</param>
    /// <param name="payload">Gets the payload.</param>
    public void OpenFrame(in PackEntry entry, int offset, ReadOnlySpan<byte> frame, Span<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[PackLayout.NonceBytes];
        Span<byte> associated = stackalloc byte[PackEntry.AssociatedBytes];
        PackLayout.WriteFrameNonce(nonce, offset);
        entry.WriteAssociatedData(associated);
        try
        {
            _cipher.Decrypt(
                nonce, frame[..entry.PayloadLength], frame[entry.PayloadLength..], payload[..entry.PayloadLength],
                associated);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new CorruptBlobException(
                _name, $"chunk {entry.Id} at offset {offset} doesn't authenticate", exception);
        }
    }

    /// <summary>Decrypts a frame that is to be stored again, in a pack made with the repository key.</summary>
    /// <param name="entry">The chunk.</param>
    /// <param name="offset">Where the frame is in the pack.</param>
    /// <param name="frame">Its bytes, with the tag.</param>
    /// <param name="buffer">Gets the payload.</param>
    /// <returns>The entry to store it by, whose payload is at the end of what was written to the buffer.</returns>
    /// <remarks>The checksum of a writer's key is dropped: in a pack of the repository key it would be
    /// believed.</remarks>
    public PackEntry OpenToMove(in PackEntry entry, int offset, ReadOnlySpan<byte> frame, Span<byte> buffer)
    {
        OpenFrame(entry, offset, frame, buffer);
        return IsOfWriterKey && ChecksummedPayload.HasChecksum(entry.Codec)
            ? entry with
            {
                Codec = (byte)ChecksummedPayload.CodecOf(entry.Codec),
                PayloadLength = Math.Max(0, entry.PayloadLength - ChecksummedPayload.ChecksumBytes),
            }
            : entry;
    }

    /// <summary>Reads the entries of a pack from its footer.</summary>
    /// <param name="layout">What the trailer says.</param>
    /// <param name="footer">The footer with its tag.</param>
    /// <param name="trailer">The trailer.</param>
    public PackEntry[] OpenFooter(PackLayout layout, ReadOnlySpan<byte> footer, ReadOnlySpan<byte> trailer)
    {
        Span<byte> nonce = stackalloc byte[PackLayout.NonceBytes];
        PackLayout.WriteFooterNonce(nonce);
        var content = new byte[layout.FooterLength - PackLayout.TagBytes];
        try
        {
            _cipher.Decrypt(
                nonce, footer[..content.Length], footer[content.Length..], content,
                trailer[..PackLayout.CheckedBytes]);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new CorruptBlobException(_name, "its footer doesn't authenticate", exception);
        }

        var reader = new FormatReader(content, _name);
        var entries = new PackEntry[layout.Entries];
        long end = BlobHeader.Length;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = PackEntry.Read(ref reader);
            end += entries[i].FrameLength;
        }

        reader.ExpectEnd();
        return end == layout.FramesEnd ? entries : throw reader.Broken("its frames don't end where its trailer says");
    }

    /// <summary>Reads the entries of a pack that is in memory as a whole, and checks all that isn't a frame.</summary>
    public PackEntry[] OpenWhole(ReadOnlySpan<byte> pack)
    {
        if (pack.Length < BlobHeader.Length + PackLayout.TrailerBytes || pack.Length % PackLayout.PageBytes != 0)
        {
            throw new CorruptBlobException(_name, $"its length of {pack.Length} bytes isn't a pack's");
        }

        var trailer = pack[^PackLayout.TrailerBytes..];
        var layout = PackLayout.Read(trailer, pack.Length, _name);
        var footerOffset = layout.FooterOffset(pack.Length);
        if (layout.PackLength != pack.Length || pack[layout.FramesEnd..footerOffset].ContainsAnyExcept((byte)0))
        {
            throw new CorruptBlobException(_name, "its padding isn't as it was written");
        }

        return OpenFooter(layout, pack.Slice(footerOffset, layout.FooterLength), trailer);
    }

    public void Dispose() => _cipher.Dispose();
}
