using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Continuity.Vault.Archives;

/// <summary>The records of an extended header: a name and a value of any bytes each, in their order.</summary>
internal sealed class PaxRecords
{
    private const int NanosecondDigits = 9;

    private readonly List<KeyValuePair<string, byte[]>> _records = [];

    public bool HasAny => _records.Count > 0;

    public IEnumerable<KeyValuePair<string, byte[]>> All => _records;

    /// <summary>Reads records: each is its own length in decimal digits, a blank, name, `=`, value and a line's
    /// end.</summary>
    /// <exception cref="ArchiveException">They aren't such.</exception>
    public static PaxRecords Read(ReadOnlySpan<byte> bytes)
    {
        var records = new PaxRecords();
        // A block may be padded with zeros beyond what its header counts.
        while (!bytes.IsEmpty && bytes[0] != 0)
        {
            var isLength = Utf8Parser.TryParse(bytes, out int length, out var digits);
            if (!isLength || length <= digits + 1 || length > bytes.Length || bytes[digits] != ' '
                || bytes[length - 1] != '\n')
            {
                throw new ArchiveException("an extended header of it is damaged");
            }

            var record = bytes[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                throw new ArchiveException("an extended header of it has a record without a name");
            }

            records.Add(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..]);
            bytes = bytes[length..];
        }

        return records;
    }

    public void Add(string name, ReadOnlySpan<byte> value) =>
        _records.Add(KeyValuePair.Create(name, value.ToArray()));

    public void Add(string name, long value) =>
        Add(name, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Adds a time given in nanoseconds, as seconds with as many digits as it needs.</summary>
    public void AddTime(string name, long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000L);
        var sign = nanoseconds < 0 ? "-" : string.Empty;
        var text = $"{sign}{Math.Abs(seconds)}.{Math.Abs(rest):D9}".TrimEnd('0').TrimEnd('.');
        Add(name, Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Takes another header's records on top: they count before these.</summary>
    public void AddAll(PaxRecords later) => _records.AddRange(later._records);

    /// <summary>Gets the last value of a name; null if there is none, or it was taken back by an empty one.</summary>
    public byte[]? Find(string name) =>
        _records.FindLast(record => record.Key == name).Value is { Length: > 0 } value ? value : null;

    /// <exception cref="ArchiveException">It isn't a number.</exception>
    public long? FindNumber(string name) => Find(name) is { } value ? ToNumber(value) : null;

    /// <summary>Gets a time in nanoseconds.</summary>
    /// <exception cref="ArchiveException">It isn't a decimal number.</exception>
    public long? FindTime(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var point = value.AsSpan().IndexOf((byte)'.');
        var whole = point < 0 ? value : value.AsSpan(0, point);
        var fraction = point < 0 ? string.Empty : Encoding.ASCII.GetString(value.AsSpan(point + 1));
        var nanoseconds = fraction.Length == 0
            ? 0
            : ToNumber(Encoding.ASCII.GetBytes(
                fraction[..Math.Min(fraction.Length, NanosecondDigits)].PadRight(NanosecondDigits, '0')));
        var isNegative = whole.Length > 0 && whole[0] == '-';
        try
        {
            return checked((ToNumber(whole) * 1_000_000_000L) + (isNegative ? -nanoseconds : nanoseconds));
        }
        catch (OverflowException)
        {
            throw new ArchiveException("a time in it is too far away");
        }
    }

    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        foreach (var (name, value) in _records)
        {
            var body = Encoding.UTF8.GetByteCount(name) + value.Length + 3;
            // The length counts its own digits.
            var length = body + Digits(body);
            length = body + Digits(length);
            bytes.Write(Encoding.UTF8.GetBytes($"{length} {name}="));
            bytes.Write(value);
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    internal static long ToNumber(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length
            ? value
            : throw new ArchiveException("a number in an extended header of it is none");

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
