using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using Continuity.Gateway.Forwarding;

namespace Continuity.Gateway.Upstream;

/// <summary>Strings for the names and values of headers, without making the same ones again each time.</summary>
internal static class HeaderText
{
    // A replica that makes names up must not fill the memory.
    private const int MostNames = 256;
    private static readonly ConcurrentDictionary<ulong, KnownName> Names = new();

    private static readonly (byte[] Bytes, string Text)[] CommonValues =
    [
        Common("application/json"), Common("text/event-stream; charset=utf-8"), Common("text/event-stream"),
        Common("application/json; charset=utf-8"), Common("no-cache"), Common("bytes"),
    ];

    public static KnownName Name(ReadOnlySpan<byte> name)
    {
        var hash = XxHash3.HashToUInt64(name);
        if (Names.TryGetValue(hash, out var known) && Ascii.Equals(name, known.Text))
        {
            return known;
        }

        var text = Encoding.Latin1.GetString(name);
        known = new KnownName(text, HeaderRules.IsSentBack(text));
        if (Names.Count < MostNames)
        {
            Names.TryAdd(hash, known);
        }

        return known;
    }

    public static string Value(ReadOnlySpan<byte> value)
    {
        foreach (var (bytes, text) in CommonValues)
        {
            if (value.SequenceEqual(bytes))
            {
                return text;
            }
        }

        return Encoding.Latin1.GetString(value);
    }

    private static (byte[] Bytes, string Text) Common(string text) => (Encoding.Latin1.GetBytes(text), text);
}

/// <summary>A header's name, and whether clients get that header.</summary>
internal sealed record KnownName(string Text, bool IsSentBack);
