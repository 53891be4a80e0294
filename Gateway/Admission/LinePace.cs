namespace Continuity.Gateway.Admission;

/// <summary>
/// How fast a line moves: the tokens asked for by the requests that ended while others waited, by place and second.
/// </summary>
/// <remarks>
/// By place, so that it holds when replicas come and go. Where its two averages differ, the faster one counts: who is
/// told to go has been told for good, and who waits in vain is told later. Not safe for several threads at once.
/// </remarks>
internal sealed class LinePace(Clock clock)
{
    // Fewer ends say more of chance than of the replicas.
    private const int Enough = 10;
    private const double ShortSeconds = 3;
    private const double LongSeconds = 30;

    // What was measured in another rush may be of other replicas and other requests.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);
    private Average _short = new(ShortSeconds);
    private Average _long = new(LongSeconds);
    private long? _since;
    private long _measuredAt;
    private int _count;

    /// <summary>Somebody waits: from now on the ends of requests tell how fast the line moves.</summary>
    public void Begin()
    {
        var now = clock.Now;
        if (_count > 0 && now - _measuredAt > clock.Ticks(Memory))
        {
            (_short, _long, _count) = (new Average(ShortSeconds), new Average(LongSeconds), 0);
        }

        _since ??= now;
    }

    /// <summary>A request with so many tokens ended, which had one of so many places.</summary>
    public void Left(long tokens, int places)
    {
        if (_since is { } since)
        {
            var now = clock.Now;
            var seconds = clock.Seconds(now - since);
            _short.Add(tokens, seconds, places);
            _long.Add(tokens, seconds, places);
            _count++;
            (_since, _measuredAt) = (now, now);
        }
    }

    /// <summary>Nobody waits any longer: how fast requests end says nothing more.</summary>
    public void Pause() => _since = null;

    /// <summary>How long it takes until so many tokens have had their turn; nothing while that is unknown.</summary>
    public TimeSpan? TimeFor(double tokens, int places)
    {
        var perSecond = Math.Max(_short.PerPlaceSecond, _long.PerPlaceSecond) * places;
        return _count < Enough || !double.IsFinite(perSecond) || perSecond <= 0
            ? null
            : TimeSpan.FromSeconds(Math.Min(tokens / perSecond, TimeSpan.SecondsPerDay));
    }

    private struct Average(double memorySeconds)
    {
        private double _tokens;
        private double _placeSeconds;

        public readonly double PerPlaceSecond => _tokens / _placeSeconds;

        public void Add(long tokens, double seconds, int places)
        {
            var kept = Math.Exp(-seconds / memorySeconds);
            _tokens = (_tokens * kept) + tokens;
            _placeSeconds = (_placeSeconds * kept) + (seconds * places);
        }
    }
}
