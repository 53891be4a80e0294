using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Continuity.Vault.Formats;

/// <summary>The id of a blob: 16 random bytes, never used for a second blob.</summary>
public readonly record struct BlobId
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly UInt128 _value;

    /// <summary>Creates an id from its bytes.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    public BlobId(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private BlobId(UInt128 value) => _value = value;

    /// <summary>Creates an id that no other blob has.</summary>
    /// <returns>A random id.</returns>
    public static BlobId NewRandom()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new BlobId(bytes);
    }

    /// <summary>Reads an id as <see cref="ToString"/> writes it.</summary>
    /// <param name="text">32 lower-case hexadecimal digits.</param>
    /// <param name="id">The id.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out BlobId id)
    {
        id = default;
        if (text.Length != 2 * Length || text.ContainsAnyExcept(Digits))
        {
            return false;
        }

        id = new BlobId(UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Writes the id's bytes.</summary>
    /// <param name="destination">Gets <see cref="Length"/> bytes.</param>
    public void WriteTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <summary>Compares by bytes.</summary>
    internal int CompareTo(BlobId other) => _value.CompareTo(other._value);

    /// <summary>Gets the id as 32 lower-case hexadecimal digits.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => _value.ToString("x32", CultureInfo.InvariantCulture);
}
