namespace Continuity.Gateway.Admission;

/// <summary>
/// An allowance per minute that refills evenly. What was reserved too much or too little is settled later.
/// </summary>
internal sealed class TokenBucket(Clock clock)
{
    private readonly Lock _lock = new();
    private double _balance = double.NaN;
    private long _filledAt;

    /// <summary>Takes an amount if there is any allowance left.</summary>
    /// <returns>How long until there is some; zero when it was taken.</returns>
    public TimeSpan TryTake(long perMinute, long amount)
    {
        if (perMinute <= 0)
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            Refill(perMinute);

            // A request larger than the allowance may go when the bucket is full, or it could never go.
            var needed = Math.Min(amount, perMinute);
            if (_balance >= needed)
            {
                _balance -= amount;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromSeconds((needed - _balance) * 60 / perMinute);
        }
    }

    /// <summary>Gives back what was not used, or takes what was used beyond the reservation.</summary>
    public void Settle(long reserved, long used)
    {
        lock (_lock)
        {
            _balance += reserved - used;
        }
    }

    private void Refill(long perMinute)
    {
        var now = clock.Now;
        _balance = double.IsNaN(_balance)
            ? perMinute
            : Math.Min(perMinute, _balance + (clock.Seconds(now - _filledAt) * perMinute / 60));
        _filledAt = now;
    }
}
