namespace Continuity.Gateway.Balancing;

/// <summary>Queue depth and cache use as an engine tells them in its own metrics.</summary>
internal sealed class EngineLoad
{
    private double _waiting;
    private double _cacheUse;

    /// <summary>Requests that wait inside the engine.</summary>
    public double Waiting
    {
        get => Volatile.Read(ref _waiting);
        set => Volatile.Write(ref _waiting, value);
    }

    /// <summary>The used share of the key-value cache, 0 to 1.</summary>
    public double CacheUse
    {
        get => Volatile.Read(ref _cacheUse);
        set => Volatile.Write(ref _cacheUse, value);
    }

    /// <summary>What the engine's state adds to the requests that this gateway has there itself.</summary>
    public double Penalty => Waiting + (CacheUse > 0.9 ? (CacheUse - 0.9) * 100 : 0);
}
