using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Crypto;

/// <summary>A key of the repository as it is stored: the repository's secret, wrapped.</summary>
internal static class KeyBlob
{
    public const int MaximumBytes = PrefixBytes + FormatLimits.KeyJsonBytes + ChecksumBytes;

    private const int PrefixBytes = 16;
    private const int ChecksumBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "CTYVAKEY"u8;

    public static byte[] Wrap(
        KeyDescription description, BlobId repositoryId, ReadOnlySpan<byte> content, KeySecret secret)
    {
        var derivation = secret.IsStrong ? KeyDerivation.Hkdf : KeyDerivation.Argon2;
        var salt = RandomNumberGenerator.GetBytes(KeyDerivation.SaltBytes);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var wrapped = new byte[content.Length + TagBytes];
        using var cipher = new AesGcm(derivation.Derive(secret, salt), TagBytes);
        cipher.Encrypt(
            nonce, content, wrapped.AsSpan(0, content.Length), wrapped.AsSpan(content.Length),
            AssociatedData(description, repositoryId));

        return Frame(JsonSerializer.SerializeToUtf8Bytes(
            new StoredKey(description, derivation, salt, nonce, wrapped), KeyJsonContext.Default.StoredKey));
    }

    public static StoredKey Read(ReadOnlySpan<byte> blob, string blobName)
    {
        if (blob.Length < PrefixBytes + ChecksumBytes || !blob.StartsWith(Magic))
        {
            throw new CorruptBlobException(blobName, "it doesn't begin as a key does");
        }

        var content = blob[..^ChecksumBytes];
        if (!XxHash128.Hash(content).AsSpan().SequenceEqual(blob[^ChecksumBytes..]))
        {
            throw new CorruptBlobException(blobName, "its checksum doesn't fit");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(blob[8..]);
        if (version != Version)
        {
            throw new UnsupportedFormatException(blobName, version);
        }

        try
        {
            return JsonSerializer.Deserialize(content[PrefixBytes..], KeyJsonContext.Default.StoredKey) is
                { Derivation.IsValid: true, Salt.Length: KeyDerivation.SaltBytes, Nonce.Length: NonceBytes } key
                && key.Wrapped.Length >= TagBytes
                    ? key
                    : throw new CorruptBlobException(blobName, "its values are out of range");
        }
        catch (JsonException exception)
        {
            throw new CorruptBlobException(blobName, "its description isn't JSON", exception);
        }
    }

    /// <summary>Unwraps the repository's secret, or returns null if this isn't the secret it was wrapped
    /// with.</summary>
    public static byte[]? Unwrap(StoredKey key, BlobId repositoryId, KeySecret secret)
    {
        if (!key.Derivation.Fits(secret))
        {
            return null;
        }

        var content = new byte[key.Wrapped.Length - TagBytes];
        using var cipher = new AesGcm(key.Derivation.Derive(secret, key.Salt), TagBytes);
        try
        {
            cipher.Decrypt(
                key.Nonce, key.Wrapped.AsSpan(0, content.Length), key.Wrapped.AsSpan(content.Length), content,
                AssociatedData(key.Description, repositoryId));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Frame(byte[] json)
    {
        var blob = new byte[PrefixBytes + json.Length + ChecksumBytes];
        Magic.CopyTo(blob);
        BinaryPrimitives.WriteUInt16LittleEndian(blob.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(12), (uint)json.Length);
        json.CopyTo(blob.AsSpan(PrefixBytes));
        XxHash128.Hash(blob.AsSpan(0, PrefixBytes + json.Length), blob.AsSpan(PrefixBytes + json.Length));
        return blob;
    }

    private static byte[] AssociatedData(KeyDescription key, BlobId repositoryId) => Encoding.UTF8.GetBytes(
        $"continuity key {key.Id} {(key.Kind == KeyKind.Writer ? "writer" : "full")} {repositoryId}");
}
