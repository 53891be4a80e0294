namespace Continuity.Gateway.Balancing;

/// <summary>
/// How many retries a service may make: a share of its requests, over a floor for the burst after a crash.
/// </summary>
/// <remarks>
/// Without a bound, retries turn one slow replica into an overload of all. The bucket holds as many as were in flight
/// lately, so that every request on a replica that dies finds one.
/// </remarks>
internal sealed class RetryBudget
{
    private const long Unit = 1000;
    private long _balance;
    private long _peakInFlight;
    private bool _filled;

    public double Available => Interlocked.Read(ref _balance) / (double)Unit;

    public void Deposit(double share, int floor, int inFlight)
    {
        var capacity = Capacity(floor, inFlight);
        if (!_filled)
        {
            _filled = true;
            Interlocked.Exchange(ref _balance, capacity);
            return;
        }

        if (Interlocked.Read(ref _balance) < capacity)
        {
            Interlocked.Add(ref _balance, (long)(share * Unit));
        }
    }

    public bool TryTake()
    {
        if (Interlocked.Add(ref _balance, -Unit) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _balance, Unit);
        return false;
    }

    // A new peak is granted at once: those requests exist, and each may need its one retry.
    private long Capacity(int floor, int inFlight)
    {
        var peak = Interlocked.Read(ref _peakInFlight);
        if (inFlight > peak && Interlocked.CompareExchange(ref _peakInFlight, inFlight, peak) == peak)
        {
            Interlocked.Add(ref _balance, (inFlight - Math.Max(peak, 0)) * Unit);
            peak = inFlight;
        }
        else if (inFlight < peak / 2)
        {
            Interlocked.CompareExchange(ref _peakInFlight, peak - 1, peak);
        }

        return Math.Max(floor, peak) * Unit;
    }
}
