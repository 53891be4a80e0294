namespace Continuity.Vault.Codecs;

/// <summary>Room for the planes of some numbers, wherever each of them is to lie.</summary>
internal ref struct PlaneRooms
{
    private Span<byte> _first;
    private Span<byte> _second;
    private Span<byte> _third;
    private Span<byte> _fourth;

    /// <summary>Takes rooms that lie back to back.</summary>
    public static PlaneRooms Of(PlaneLayout layout, Span<byte> planes)
    {
        var rooms = default(PlaneRooms);
        var count = planes.Length / layout.Width();
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var length = count * layout.PlaneWidth(plane);
            rooms[plane] = planes[..length];
            planes = planes[length..];
        }

        return rooms;
    }

    /// <summary>Gets or sets the room of a plane, the least significant first.</summary>
    public Span<byte> this[int plane]
    {
        readonly get => plane switch
        {
            0 => _first,
            1 => _second,
            2 => _third,
            _ => _fourth,
        };
        set
        {
            switch (plane)
            {
                case 0:
                    _first = value;
                    break;
                case 1:
                    _second = value;
                    break;
                case 2:
                    _third = value;
                    break;
                default:
                    _fourth = value;
                    break;
            }
        }
    }

    /// <summary>Refuses rooms that are not as long as so many numbers need.</summary>
    public readonly void Require(PlaneLayout layout, int count)
    {
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            if (this[plane].Length != count * layout.PlaneWidth(plane))
            {
                throw new ArgumentException($"Plane {plane} has room for {this[plane].Length} bytes, not {count}.");
            }
        }
    }
}
