using System.Buffers.Binary;
using System.Security.Cryptography;
using Continuity.Vault.Formats;
using ZstdNet;

namespace Continuity.Vault.Crypto;

/// <summary>Blobs that are one encrypted message: everything but packs and keys.</summary>
internal static class SealedBlob
{
    public const int TagBytes = 16;

    private const int PrefixBytes = 5;
    private const byte Plain = 0;
    private const byte Compressed = 1;

    private static ReadOnlySpan<byte> Nonce => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static byte[] Seal(KeyRing keys, BlobKind kind, BlobId id, ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, FormatLimits.SealedBodyBytes);
        var body = Compress(content);
        var (header, key) = keys.NewBlob(kind, id);
        var blob = new byte[BlobHeader.Length + body.Length + TagBytes];
        header.WriteTo(blob);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(Nonce, body, blob.AsSpan(BlobHeader.Length, body.Length),
            blob.AsSpan(BlobHeader.Length + body.Length));
        return blob;
    }

    public static SealedContent Open(KeyRing keys, ReadOnlySpan<byte> blob, string blobName, BlobKind kind, BlobId? id)
    {
        var header = BlobHeader.Read(blob, blobName, kind, id);
        var sealedBody = blob[BlobHeader.Length..];
        if (sealedBody.Length < PrefixBytes + TagBytes)
        {
            throw new CorruptBlobException(blobName, "it is cut off");
        }

        var body = new byte[sealedBody.Length - TagBytes];
        using var cipher = new AesGcm(keys.KeyOf(header, blobName), TagBytes);
        try
        {
            cipher.Decrypt(Nonce, sealedBody[..body.Length], sealedBody[body.Length..], body);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new CorruptBlobException(blobName, "it doesn't authenticate", exception);
        }

        return new SealedContent(Decompress(body, blobName), header.IsAgreed);
    }

    private static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var compressor = new Compressor();
        var body = new byte[PrefixBytes + Compressor.GetCompressBound(content.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(1), (uint)content.Length);
        var length = compressor.Wrap(content, body.AsSpan(PrefixBytes));
        if (length < content.Length)
        {
            body[0] = Compressed;
            return body[..(PrefixBytes + length)];
        }

        body[0] = Plain;
        content.CopyTo(body.AsSpan(PrefixBytes));
        return body[..(PrefixBytes + content.Length)];
    }

    private static byte[] Decompress(byte[] body, string blobName)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(1));
        var packed = body.AsSpan(PrefixBytes);
        if (length > FormatLimits.SealedBodyBytes || (body[0] == Plain && length != packed.Length))
        {
            throw new CorruptBlobException(blobName, $"it says to hold {length} bytes");
        }

        switch (body[0])
        {
            case Plain:
                return packed.ToArray();
            case Compressed:
                return Unwrap(packed, (int)length, blobName);
            default:
                throw new CorruptBlobException(blobName, $"its compression {body[0]} is unknown");
        }
    }

    private static byte[] Unwrap(ReadOnlySpan<byte> packed, int length, string blobName)
    {
        var content = new byte[length];
        using var decompressor = new Decompressor();
        try
        {
            var written = decompressor.Unwrap(packed, content, bufferSizePrecheck: false);
            return written == length
                ? content
                : throw new CorruptBlobException(blobName, $"it holds {written} of {length} bytes");
        }
        catch (ZstdException exception)
        {
            throw new CorruptBlobException(blobName, "its content can't be decompressed", exception);
        }
    }
}

/// <summary>What a sealed blob holds.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="IsByWriterKey">Whether a key wrote it that can't read: it may say whatever that key's holder
/// likes.</param>
internal sealed record SealedContent(byte[] Bytes, bool IsByWriterKey);
