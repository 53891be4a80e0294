namespace Continuity.Gateway.Admission;

/// <summary>What was used in a day, by UTC's calendar.</summary>
internal sealed class DayCount(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateOnly _day;
    private long _used;

    /// <summary>Takes an amount while the day's limit is not yet reached.</summary>
    /// <returns>How long until the next day; zero when it was taken.</returns>
    public TimeSpan TryTake(long limit, long amount)
    {
        if (limit <= 0)
        {
            return TimeSpan.Zero;
        }

        var now = time.GetUtcNow();
        lock (_lock)
        {
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            if (today != _day)
            {
                (_day, _used) = (today, 0);
            }

            if (_used + amount > limit)
            {
                return today.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - now.UtcDateTime;
            }

            _used += amount;
            return TimeSpan.Zero;
        }
    }

    public void Settle(long reserved, long used)
    {
        lock (_lock)
        {
            _used = Math.Max(0, _used + used - reserved);
        }
    }
}
