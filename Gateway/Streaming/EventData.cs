namespace Continuity.Gateway.Streaming;

/// <summary>Finds the data of a server-sent event.</summary>
internal static class EventData
{
    private static ReadOnlySpan<byte> Field => "data:"u8;

    /// <summary>The value of the event's one data line; false when it has none.</summary>
    /// <remarks>
    /// Model servers send JSON on one line. An event of several data lines is passed to the JSON check and fails there.
    /// </remarks>
    public static bool TryRead(ReadOnlySpan<byte> serverEvent, out ReadOnlySpan<byte> data)
    {
        var rest = serverEvent;
        while (rest.Length > 0)
        {
            if (rest.StartsWith(Field))
            {
                var value = rest[Field.Length..];
                if (value.Length > 0 && value[0] == ' ')
                {
                    value = value[1..];
                }

                var end = value.IndexOf((byte)'\n');
                data = (end < 0 ? value : value[..end]).TrimEnd((byte)'\r');
                return true;
            }

            var next = rest.IndexOf((byte)'\n');
            if (next < 0)
            {
                break;
            }

            rest = rest[(next + 1)..];
        }

        data = default;
        return false;
    }
}
