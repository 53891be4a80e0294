namespace Continuity.Vault.Codecs;

/// <summary>The planes of some numbers, wherever each of them lies.</summary>
internal ref struct PlaneSet
{
    private ReadOnlySpan<byte> _first;
    private ReadOnlySpan<byte> _second;
    private ReadOnlySpan<byte> _third;
    private ReadOnlySpan<byte> _fourth;

    /// <summary>Takes planes that lie back to back.</summary>
    public static PlaneSet Of(PlaneLayout layout, ReadOnlySpan<byte> planes)
    {
        var set = default(PlaneSet);
        var count = planes.Length / layout.Width();
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var length = count * layout.PlaneWidth(plane);
            set[plane] = planes[..length];
            planes = planes[length..];
        }

        return set;
    }

    /// <summary>Gets or sets a plane, the least significant first.</summary>
    public ReadOnlySpan<byte> this[int plane]
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

    /// <summary>Refuses planes that are not as long as so many numbers need.</summary>
    public readonly void Require(PlaneLayout layout, int count)
    {
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            if (this[plane].Length != count * layout.PlaneWidth(plane))
            {
                throw new ArgumentException($"Plane {plane} has {this[plane].Length} bytes for {count} numbers.");
            }
        }
    }
}
