using Continuity.Gateway.Admission;

namespace Continuity.Gateway.Tests.Admission;

public sealed class AdaptiveLimitTests
{
    private const int Most = 100;
    private readonly AdaptiveLimit _limit = new();

    [Fact]
    public void Unmeasured_TheConfiguredLimitHolds() => Assert.Equal(Most, _limit.Value(Most, isAdaptive: true));

    [Fact]
    public void Latency_FarAboveTheBest_LowersIt_AndItComesBack()
    {
        Answer(1, seconds: 0.1, inFlight: Most);
        Answer(10, seconds: 1, inFlight: Most);
        var lowered = _limit.Value(Most, isAdaptive: true);
        Answer(10_000, seconds: 0.1, inFlight: 10);

        Assert.InRange(lowered, 30, 40); // 0.9 to the tenth.
        Assert.Equal(Most, _limit.Value(Most, isAdaptive: true));
    }

    [Fact]
    public void Latency_OfAReplicaWithLittleToDo_LowersNothing()
    {
        Answer(1, seconds: 0.1, inFlight: 1);
        Answer(10, seconds: 1, inFlight: 1);

        Assert.Equal(Most, _limit.Value(Most, isAdaptive: true));
    }

    [Fact]
    public void Failures_LowerIt_DownToOne()
    {
        for (var i = 0; i < 1000; i++)
        {
            _limit.Failed(Most);
        }

        Assert.Equal(1, _limit.Value(Most, isAdaptive: true));
        Assert.Equal(Most, _limit.Value(Most, isAdaptive: false));
    }

    private void Answer(int times, double seconds, int inFlight)
    {
        for (var i = 0; i < times; i++)
        {
            _limit.Answered(seconds, inFlight, Most);
        }
    }
}
