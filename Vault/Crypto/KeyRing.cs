using System.Security.Cryptography;
using Continuity.Vault.Formats;
using NSec.Cryptography;

namespace Continuity.Vault.Crypto;

/// <summary>The keys of an opened repository: all of them, or a writer's.</summary>
/// <remarks>Every blob has a key of its own, derived from its fresh random id, so no nonce can repeat over a
/// crash.</remarks>
internal sealed class KeyRing
{
    public const int KeyBytes = 32;

    private readonly byte[]? _repositoryKey;

    private KeyRing(BlobId repositoryId, byte[]? repositoryKey, byte[] chunkIdKey, byte[] gearKey, byte[] publicKey)
    {
        RepositoryId = repositoryId;
        _repositoryKey = repositoryKey;
        ChunkIdKey = chunkIdKey;
        GearKey = gearKey;
        PublicKey = publicKey;
        ChunkCheckKey = repositoryKey is null
            ? null : Derive(repositoryId, repositoryKey, "continuity chunk check"u8);
    }

    public BlobId RepositoryId { get; }

    public byte[] ChunkIdKey { get; }

    public byte[] GearKey { get; }

    public byte[] PublicKey { get; }

    /// <summary>What checks of chunks are computed with; null in a writer's ring, which mustn't be able to make a check
    /// that others would take.</summary>
    public byte[]? ChunkCheckKey { get; }

    /// <summary>Whether blobs can be opened; a writer's ring only seals.</summary>
    public bool CanRead => _repositoryKey is not null;

    public static KeyRing FromRepositoryKey(BlobId repositoryId, byte[] repositoryKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(repositoryKey.Length, KeyBytes);
        using var agreement = ImportPrivate(Derive(repositoryId, repositoryKey, "continuity agreement"u8));
        return new KeyRing(
            repositoryId,
            repositoryKey,
            Derive(repositoryId, repositoryKey, "continuity chunk id"u8),
            Derive(repositoryId, repositoryKey, "continuity gear"u8),
            agreement.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    public static KeyRing FromWriterKeys(BlobId repositoryId, byte[] chunkIdKey, byte[] gearKey, byte[] publicKey) =>
        new(repositoryId, null, chunkIdKey, gearKey, publicKey);

    /// <summary>Gets the repository key, to wrap it for another key-encryption key.</summary>
    public ReadOnlySpan<byte> ExportRepositoryKey() =>
        _repositoryKey ?? throw new WriterKeyException("adding a key");

    /// <summary>Makes the header and key of a new blob.</summary>
    public (BlobHeader Header, byte[] Key) NewBlob(BlobKind kind, BlobId id)
    {
        if (_repositoryKey is not null)
        {
            var header = new BlobHeader(kind, id, default);
            return (header, BlobKey(header, _repositoryKey));
        }

        using var ephemeral = Key.Create(KeyAgreementAlgorithm.X25519, ExportablePrivate);
        var agreed = new BlobHeader(kind, id, ephemeral.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        return (agreed, AgreedKey(agreed, ephemeral, PublicKey));
    }

    /// <summary>Gets the key of a blob that exists.</summary>
    public byte[] KeyOf(BlobHeader header, string blobName)
    {
        if (_repositoryKey is null)
        {
            throw new WriterKeyException($"reading '{blobName}'");
        }

        if (!header.IsAgreed)
        {
            return BlobKey(header, _repositoryKey);
        }

        using var agreement = ImportPrivate(Derive(RepositoryId, _repositoryKey, "continuity agreement"u8));
        try
        {
            return AgreedKey(header, agreement, header.EphemeralKey.Span);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            throw new CorruptBlobException(blobName, "its ephemeral key is none", exception);
        }
    }

    private static KeyCreationParameters ExportablePrivate =>
        new() { ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving };

    private static Key ImportPrivate(ReadOnlySpan<byte> bytes) =>
        Key.Import(KeyAgreementAlgorithm.X25519, bytes, KeyBlobFormat.RawPrivateKey, ExportablePrivate);

    private static byte[] AgreedKey(BlobHeader header, Key own, ReadOnlySpan<byte> otherPublicKey)
    {
        var other = NSec.Cryptography.PublicKey.Import(
            KeyAgreementAlgorithm.X25519, otherPublicKey, KeyBlobFormat.RawPublicKey);
        var parameters = new SharedSecretCreationParameters
        {
            ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving,
        };
        using var secret = KeyAgreementAlgorithm.X25519.Agree(own, other, in parameters)
            ?? throw new CryptographicException("The agreement yields no secret.");
        return BlobKey(header, secret.Export(SharedSecretBlobFormat.RawSharedSecret));
    }

    private static byte[] BlobKey(BlobHeader header, byte[] inputKey)
    {
        Span<byte> info = stackalloc byte[BlobHeader.Length];
        header.WriteTo(info);
        return Expand(header.Id, inputKey, info);
    }

    private static byte[] Derive(BlobId repositoryId, byte[] repositoryKey, ReadOnlySpan<byte> info) =>
        Expand(repositoryId, repositoryKey, info);

    private static byte[] Expand(BlobId id, byte[] inputKey, ReadOnlySpan<byte> info)
    {
        Span<byte> salt = stackalloc byte[BlobId.Length];
        id.WriteTo(salt);
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, inputKey, key, salt, info);
        return key;
    }
}
