using System.Text;

namespace Continuity.Vault.Archives;

/// <summary>The fields of a tar header: a block of 512 bytes with text and numbers at fixed places.</summary>
internal static class TarBlock
{
    public const int Bytes = 512;

    public static readonly Range Name = 0..100;
    public static readonly Range Mode = 100..108;
    public static readonly Range User = 108..116;
    public static readonly Range Group = 116..124;
    public static readonly Range Size = 124..136;
    public static readonly Range Modified = 136..148;
    public static readonly Range Checksum = 148..156;
    public static readonly Range LinkName = 157..257;
    public static readonly Range Magic = 257..265;
    public static readonly Range DeviceMajor = 329..337;
    public static readonly Range DeviceMinor = 337..345;
    public static readonly Range Prefix = 345..500;
    public const int Type = 156;

    public static ReadOnlySpan<byte> PosixMagic => "ustar\000"u8;

    /// <summary>Bytes up to the next block.</summary>
    public static int Padding(long length) => (int)((Bytes - (length % Bytes)) % Bytes);

    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>Reads a number: octal digits, or binary with the first bit set where they don't suffice.</summary>
    /// <exception cref="ArchiveException">It is neither.</exception>
    public static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return Binary(field);
        }

        var digits = Text(field).Trim((byte)' ');
        var value = 0L;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                throw new ArchiveException("a number in one of its headers isn't octal");
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    /// <summary>Writes a number in octal digits.</summary>
    /// <returns>Whether it fits; if not, the field is zero and the number belongs into an extended header.</returns>
    public static bool TryPutNumber(Span<byte> field, long value)
    {
        var digits = Convert.ToString(Math.Max(0, value), 8);
        var fits = value >= 0 && digits.Length < field.Length;
        Encoding.ASCII.GetBytes((fits ? digits : "0").PadLeft(field.Length - 1, '0'), field);
        return fits;
    }

    /// <summary>Puts text if it fits, or else its beginning.</summary>
    public static bool TryPutText(Span<byte> field, ReadOnlySpan<byte> text)
    {
        text[..Math.Min(text.Length, field.Length)].CopyTo(field);
        return text.Length <= field.Length;
    }

    public static void PutChecksum(Span<byte> block) =>
        Encoding.ASCII.GetBytes(Convert.ToString(Sum(block), 8).PadLeft(6, '0') + "\0 ", block[Checksum]);

    public static bool HasRightChecksum(ReadOnlySpan<byte> block) => Number(block[Checksum]) == Sum(block);

    private static int Sum(ReadOnlySpan<byte> block)
    {
        // The checksum's own place counts as blanks.
        var sum = (Checksum.End.Value - Checksum.Start.Value) * ' ';
        for (var place = 0; place < Bytes; place++)
        {
            sum += place >= Checksum.Start.Value && place < Checksum.End.Value ? 0 : block[place];
        }

        return sum;
    }

    private static long Binary(ReadOnlySpan<byte> field)
    {
        // Two's complement without the marking bit, which for a negative number is a sign as well.
        var isNegative = (field[0] & 0x40) != 0;
        var value = isNegative ? -1L : 0L;
        for (var place = 0; place < field.Length; place++)
        {
            if (value >> 55 is not (0 or -1))
            {
                throw new ArchiveException("a number in one of its headers is too large");
            }

            value = (value << 8) | (place == 0 && !isNegative ? (uint)field[0] & 0x7f : field[place]);
        }

        return value;
    }
}
