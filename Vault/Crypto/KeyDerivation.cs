using System.Security.Cryptography;
using NSec.Cryptography;

namespace Continuity.Vault.Crypto;

/// <summary>How a key-encryption key comes from a secret.</summary>
/// <param name="Name">`argon2id` or `hkdf-sha256`.</param>
/// <param name="MemoryKiB">Memory of Argon2id.</param>
/// <param name="Passes">Passes of Argon2id.</param>
internal sealed record KeyDerivation(string Name, int MemoryKiB, int Passes)
{
    public const int SaltBytes = 16;

    private const string Argon2Name = "argon2id";
    private const string HkdfName = "hkdf-sha256";

    /// <summary>One of the sets that OWASP recommends, 19 MiB and 2 passes: every command pays it.</summary>
    public static KeyDerivation Argon2 { get; } = new(Argon2Name, 19 << 10, 2);

    /// <summary>For secrets that are keys already.</summary>
    public static KeyDerivation Hkdf { get; } = new(HkdfName, 0, 0);

    public bool IsValid => this is
        { Name: HkdfName, MemoryKiB: 0, Passes: 0 }
        or { Name: Argon2Name, MemoryKiB: >= 19 << 10 and <= 1 << 20, Passes: >= 2 and <= 16 };

    /// <summary>A key-file secret fits a key made with one, and a passphrase the other kind.</summary>
    public bool Fits(KeySecret secret) => secret.IsStrong == (Name == HkdfName);

    public byte[] Derive(KeySecret secret, ReadOnlySpan<byte> salt)
    {
        if (Name == HkdfName)
        {
            var key = new byte[KeyRing.KeyBytes];
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Bytes, key, salt, "continuity key encryption"u8);
            return key;
        }

        var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters
        {
            DegreeOfParallelism = 1,
            MemorySize = MemoryKiB,
            NumberOfPasses = Passes,
        });
        return argon2.DeriveBytes(secret.Bytes, salt, KeyRing.KeyBytes);
    }
}
