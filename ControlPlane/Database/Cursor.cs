using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Continuity.ControlPlane.Database;

/// <summary>The place where the next page of a list begins: opaque to callers, so that it may change.</summary>
public static class Cursor
{
    public static string Format(long position) => Format(position.ToString(CultureInfo.InvariantCulture));

    public static string Format(string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));

    /// <summary><see langword="false"/> when it is none that <see cref="Format(string)"/> wrote.</summary>
    public static bool TryParse(string? cursor, out string? position)
    {
        position = null;
        if (cursor is null)
        {
            return true;
        }

        if (!Base64Url.IsValid(cursor))
        {
            return false;
        }

        position = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return true;
    }

    public static bool TryParse(string? cursor, out long? position)
    {
        position = null;
        if (!TryParse(cursor, out string? text))
        {
            return false;
        }

        if (text is null)
        {
            return true;
        }

        var valid = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        position = valid ? number : null;
        return valid;
    }
}
