using System.Text;
using System.Text.Unicode;

namespace Continuity.Vault.Files;

/// <summary>Paths as bytes: names are what the file system holds, in any encoding or none.</summary>
internal static class FilePath
{
    public const byte Separator = (byte)'/';

    public static byte[] FromText(string path) => Encoding.UTF8.GetBytes(path);

    /// <summary>A path as the key of a dictionary: no text, but as different as the bytes are.</summary>
    public static string KeyOf(ReadOnlySpan<byte> path) => Encoding.Latin1.GetString(path);

    /// <summary>The reverse of <see cref="KeyOf"/>.</summary>
    public static byte[] FromKey(string key) => Encoding.Latin1.GetBytes(key);

    public static byte[] Join(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name)
    {
        if (folder.IsEmpty)
        {
            return name.ToArray();
        }

        var joined = new byte[folder.Length + 1 + name.Length];
        folder.CopyTo(joined);
        joined[folder.Length] = Separator;
        name.CopyTo(joined.AsSpan(folder.Length + 1));
        return joined;
    }

    /// <summary>Splits into the folder's path (empty at the top) and the name.</summary>
    public static (int FolderLength, int NameStart) Split(ReadOnlySpan<byte> path)
    {
        var last = path.LastIndexOf(Separator);
        return last < 0 ? (0, 0) : (last, last + 1);
    }

    /// <summary>Whether a path is relative, and no component of it could lead elsewhere. The empty path is the
    /// root.</summary>
    public static bool IsSafe(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return true;
        }

        if (path.Contains((byte)0))
        {
            return false;
        }

        foreach (var range in path.Split(Separator))
        {
            var name = path[range];
            if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Compares in the order of a manifest: depth first, names as bytes, a folder before what it
    /// holds.</summary>
    /// <remarks>That is byte order with the separator below every other byte.</remarks>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        var first = left[common] == Separator ? 0 : left[common] + 1;
        var second = right[common] == Separator ? 0 : right[common] + 1;
        return first.CompareTo(second);
    }

    /// <summary>Gets a path for people: bytes that aren't UTF-8, and control characters, are shown as \xNN.</summary>
    public static string Display(ReadOnlySpan<byte> path)
    {
        if (Utf8.IsValid(path) && !path.ContainsAnyInRange((byte)0, (byte)0x1f) && !path.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(path);
        }

        var text = new StringBuilder(path.Length * 2);
        while (!path.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(path, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.Done && !Rune.IsControl(rune))
            {
                text.Append(rune.Value == '\\' ? @"\\" : rune.ToString());
            }
            else
            {
                foreach (var part in path[..length])
                {
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $@"\x{part:x2}");
                }
            }

            path = path[length..];
        }

        return text.ToString();
    }
}
