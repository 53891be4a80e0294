using System.Buffers.Binary;

namespace Continuity.Vault.Formats;

/// <summary>The first 64 bytes of a sealed blob.</summary>
/// <param name="Kind">What the blob holds.</param>
/// <param name="Id">The blob's id.</param>
/// <param name="EphemeralKey">32 bytes where the key was agreed (mode 1); empty where it comes from the repository
/// key.</param>
internal sealed record BlobHeader(BlobKind Kind, BlobId Id, ReadOnlyMemory<byte> EphemeralKey)
{
    public const int Length = 64;
    public const int Version = 1;
    public const int EphemeralKeyBytes = 32;

    private static ReadOnlySpan<byte> Magic => "CTYVAULT"u8;

    public bool IsAgreed => !EphemeralKey.IsEmpty;

    public void WriteTo(Span<byte> destination)
    {
        destination = destination[..Length];
        destination.Clear();
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], Version);
        destination[10] = (byte)Kind;
        destination[11] = IsAgreed ? (byte)1 : (byte)0;
        Id.WriteTo(destination[16..]);
        EphemeralKey.Span.CopyTo(destination[32..]);
    }

    /// <summary>Reads the header of a blob that must be of one kind and, where its name holds one, of one id.</summary>
    public static BlobHeader Read(ReadOnlySpan<byte> blob, string blobName, BlobKind kind, BlobId? id)
    {
        if (blob.Length < Length)
        {
            throw new CorruptBlobException(blobName, $"it has {blob.Length} bytes, fewer than a header");
        }

        if (!blob.StartsWith(Magic))
        {
            throw new CorruptBlobException(blobName, "it doesn't begin as a blob of a repository does");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(blob[8..]);
        if (version != Version)
        {
            throw new UnsupportedFormatException(blobName, version);
        }

        var ephemeral = blob[32..Length];
        var header = new BlobHeader(
            (BlobKind)blob[10], new BlobId(blob[16..32]), blob[11] == 1 ? ephemeral.ToArray() : default);
        if (blob[11] > 1
            || BinaryPrimitives.ReadUInt32LittleEndian(blob[12..]) != 0
            || (!header.IsAgreed && ephemeral.ContainsAnyExcept((byte)0)))
        {
            throw new CorruptBlobException(blobName, "its header has values that no writer writes");
        }

        if (header.Kind != kind || (id is { } expected && header.Id != expected))
        {
            throw new CorruptBlobException(
                blobName, $"it says to be {header.Kind} {header.Id}; expected is {kind} {id}");
        }

        return header;
    }
}
