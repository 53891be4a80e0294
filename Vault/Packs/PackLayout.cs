using System.Buffers.Binary;
using System.IO.Hashing;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Packs;

/// <summary>Where the parts of a pack are, as its trailer says.</summary>
/// <param name="FooterLength">Bytes of the footer with its tag.</param>
/// <param name="Entries">Number of frames.</param>
/// <param name="FramesEnd">Offset behind the last frame.</param>
internal readonly record struct PackLayout(int FooterLength, int Entries, int FramesEnd)
{
    public const int TagBytes = 16;
    public const int NonceBytes = 12;
    public const int TrailerBytes = 32;
    public const int CheckedBytes = 24;
    public const int PageBytes = 4096;

    private static ReadOnlySpan<byte> Magic => "CTYPKEND"u8;

    /// <summary>The length of a pack with these parts: whole pages, so that it can be written past the page
    /// cache.</summary>
    public int PackLength => (FramesEnd + FooterLength + TrailerBytes + PageBytes - 1) / PageBytes * PageBytes;

    public int FooterOffset(int packLength) => packLength - TrailerBytes - FooterLength;

    public void WriteTo(Span<byte> trailer)
    {
        Magic.CopyTo(trailer);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[8..], (uint)FooterLength);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[12..], (uint)Entries);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[16..], (uint)FramesEnd);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[20..], 0);
        XxHash64.Hash(trailer[..CheckedBytes], trailer[CheckedBytes..]);
    }

    public static PackLayout Read(ReadOnlySpan<byte> trailer, long packLength, string blobName)
    {
        Span<byte> checksum = stackalloc byte[8];
        XxHash64.Hash(trailer[..CheckedBytes], checksum);
        if (!trailer.StartsWith(Magic) || !checksum.SequenceEqual(trailer[CheckedBytes..TrailerBytes]))
        {
            throw new CorruptBlobException(blobName, "its end isn't a pack's: it is cut off or altered");
        }

        var footerLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[8..]);
        var entries = BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]);
        var framesEnd = BinaryPrimitives.ReadUInt32LittleEndian(trailer[16..]);
        if (footerLength < TagBytes
            || entries > footerLength / PackEntry.MinimumBytes
            || framesEnd < BlobHeader.Length
            || (long)framesEnd + footerLength + TrailerBytes > packLength
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[20..]) != 0)
        {
            throw new CorruptBlobException(blobName, "its parts don't fit its length");
        }

        return new PackLayout((int)footerLength, (int)entries, (int)framesEnd);
    }

    public static void WriteFrameNonce(Span<byte> nonce, int offset)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], (ulong)offset);
    }

    public static void WriteFooterNonce(Span<byte> nonce)
    {
        nonce.Clear();
        nonce[0] = 1;
    }
}
