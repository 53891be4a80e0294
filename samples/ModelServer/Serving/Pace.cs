using Continuity.ModelServer.Faults;

namespace Continuity.ModelServer.Serving;

/// <summary>How long tokens take.</summary>
internal readonly record struct Pace(TimeSpan FirstTokenDelay, TimeSpan TokenDelay)
{
    // A server without delays is slowed from here; ten times nothing would be nothing.
    private static readonly TimeSpan _leastWhenSlow = TimeSpan.FromMilliseconds(10);

    public static Pace Of(ModelOptions options, FaultPlan fault)
    {
        return fault.Mode == FaultMode.Slow
            ? new Pace(Slowed(options.FirstTokenDelay), Slowed(options.TokenDelay))
            : new Pace(options.FirstTokenDelay, options.TokenDelay);

        TimeSpan Slowed(TimeSpan delay) => (delay > _leastWhenSlow ? delay : _leastWhenSlow) * fault.Factor;
    }
}
