using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Packs;

/// <summary>Mends damaged packs: block hashes say where the damage is, and an exclusive-or stripe what was
/// there.</summary>
internal static class PackParity
{
    public const int BlockBytes = 64 << 10;

    // One block more than a mebibyte: damage of a mebibyte that begins inside a block touches 17 of them, and no two of
    // these may share a place in the stripe.
    public const int StripeBytes = 17 * BlockBytes;

    public const int MaximumBytes =
        HeaderBytes + (FormatLimits.PackBytes / BlockBytes * HashBytes) + StripeBytes + HashBytes;

    private const int HeaderBytes = 40;
    private const int HashBytes = 8;
    private const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "CTYPARTY"u8;

    public static byte[] Make(BlobId id, ReadOnlySpan<byte> pack)
    {
        var blocks = BlockCount(pack.Length);
        var blob = new byte[HeaderBytes + (blocks * HashBytes) + ParityBytes(pack.Length) + HashBytes];
        Magic.CopyTo(blob);
        BinaryPrimitives.WriteUInt16LittleEndian(blob.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(12), StripeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(16), (ulong)pack.Length);
        id.WriteTo(blob.AsSpan(24));
        for (var block = 0; block < blocks; block++)
        {
            XxHash64.Hash(Block(pack, block), blob.AsSpan(HeaderBytes + (block * HashBytes)));
        }

        var stripe = blob.AsSpan(HeaderBytes + (blocks * HashBytes), ParityBytes(pack.Length));
        for (var offset = 0; offset < pack.Length; offset += StripeBytes)
        {
            Xor(stripe, pack[offset..Math.Min(pack.Length, offset + StripeBytes)]);
        }

        XxHash64.Hash(blob.AsSpan(0, blob.Length - HashBytes), blob.AsSpan(blob.Length - HashBytes));
        return blob;
    }

    /// <summary>Gets the length of the pack that a parity blob is of.</summary>
    /// <exception cref="CorruptBlobException">It is too short to say, or says what no pack has.</exception>
    public static int PackLength(BlobId id, ReadOnlySpan<byte> parity)
    {
        var length = parity.Length < HeaderBytes ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(parity[16..]);
        return length is > 0 and <= FormatLimits.PackBytes
            ? (int)length
            : throw new CorruptBlobException(BlobNames.Parity(id), $"it is of a pack of {length} bytes");
    }

    /// <summary>Mends a pack in place.</summary>
    /// <param name="id">The pack's id.</param>
    /// <param name="pack">The pack as it was read; what couldn't be read may be anything.</param>
    /// <param name="parity">Its parity blob.</param>
    /// <returns>How many blocks were mended, or -1 if the damage is too wide.</returns>
    public static int Mend(BlobId id, Span<byte> pack, ReadOnlySpan<byte> parity)
    {
        var blocks = BlockCount(pack.Length);
        Check(id, pack.Length, blocks, parity);
        var hashes = parity.Slice(HeaderBytes, blocks * HashBytes);
        var bad = new List<int>();
        Span<byte> hash = stackalloc byte[HashBytes];
        for (var block = 0; block < blocks; block++)
        {
            XxHash64.Hash(Block(pack, block), hash);
            if (!hash.SequenceEqual(hashes.Slice(block * HashBytes, HashBytes)))
            {
                bad.Add(block);
            }
        }

        const int BlocksPerStripe = StripeBytes / BlockBytes;
        if (bad.GroupBy(block => block % BlocksPerStripe).Any(place => place.Count() > 1))
        {
            return -1;
        }

        var stripe = parity.Slice(HeaderBytes + (blocks * HashBytes), ParityBytes(pack.Length));
        foreach (var block in bad)
        {
            Rebuild(pack, block, stripe);
        }

        return bad.Count;
    }

    private static void Check(BlobId id, int packLength, int blocks, ReadOnlySpan<byte> parity)
    {
        var name = BlobNames.Parity(id);
        Span<byte> checksum = stackalloc byte[HashBytes];
        if (parity.Length != HeaderBytes + (blocks * HashBytes) + ParityBytes(packLength) + HashBytes
            || !parity.StartsWith(Magic))
        {
            throw new CorruptBlobException(name, $"it isn't the parity of a pack of {packLength} bytes");
        }

        XxHash64.Hash(parity[..^HashBytes], checksum);
        if (!checksum.SequenceEqual(parity[^HashBytes..]))
        {
            throw new CorruptBlobException(name, "its checksum doesn't fit");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(parity[8..]);
        if (version != Version)
        {
            throw new UnsupportedFormatException(name, version);
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(parity[12..]) != StripeBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(parity[16..]) != (ulong)packLength
            || new BlobId(parity[24..HeaderBytes]) != id)
        {
            throw new CorruptBlobException(name, "it is the parity of another pack");
        }
    }

    private static void Rebuild(Span<byte> pack, int block, ReadOnlySpan<byte> stripe)
    {
        var length = Block(pack, block).Length;
        var place = block * BlockBytes % StripeBytes;
        var rebuilt = stripe.Slice(place, length).ToArray();
        for (var offset = place; offset < pack.Length; offset += StripeBytes)
        {
            if (offset != block * BlockBytes)
            {
                Xor(rebuilt, pack[offset..Math.Min(pack.Length, offset + length)]);
            }
        }

        rebuilt.CopyTo(pack[(block * BlockBytes)..]);
    }

    // A pack shorter than the stripe needs no more parity than it has bytes.
    private static int ParityBytes(int packLength) => Math.Min(StripeBytes, packLength);

    private static int BlockCount(int length) => (length + BlockBytes - 1) / BlockBytes;

    private static ReadOnlySpan<byte> Block(ReadOnlySpan<byte> pack, int block) =>
        pack[(block * BlockBytes)..Math.Min(pack.Length, (block + 1) * BlockBytes)];

    private static void Xor(Span<byte> destination, ReadOnlySpan<byte> source)
    {
        var words = MemoryMarshal.Cast<byte, Vector<byte>>(destination);
        var others = MemoryMarshal.Cast<byte, Vector<byte>>(source);
        var common = Math.Min(words.Length, others.Length);
        for (var i = 0; i < common; i++)
        {
            words[i] ^= others[i];
        }

        for (var i = common * Vector<byte>.Count; i < source.Length; i++)
        {
            destination[i] ^= source[i];
        }
    }
}
