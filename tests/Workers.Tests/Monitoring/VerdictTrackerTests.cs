using Continuity.Contracts.Routing;
using Continuity.Workers.Monitoring;
using CsCheck;

namespace Continuity.Workers.Tests.Monitoring;

public sealed class VerdictTrackerTests
{
    [Theory]
    [InlineData("", Verdict.Unknown)]
    [InlineData("+", Verdict.Unknown)]
    [InlineData("++", Verdict.Healthy)]
    [InlineData("++-", Verdict.Suspect)]
    [InlineData("++-+", Verdict.Suspect)]
    [InlineData("++-++", Verdict.Healthy)]
    [InlineData("++--", Verdict.Failed)]
    [InlineData("++--+", Verdict.Failed)]
    [InlineData("++--++", Verdict.Healthy)]
    [InlineData("--", Verdict.Failed)]
    [InlineData("-+-+", Verdict.Unknown)]
    public void Add_Probes_GiveTheVerdict(string probes, Verdict expected)
    {
        var tracker = new VerdictTracker(failuresToFail: 2, successesToHeal: 2);

        foreach (var probe in probes)
        {
            tracker.Add(probe == '+');
        }

        Assert.Equal(expected, tracker.Verdict);
    }

    [Fact]
    public void Add_AnyProbes_FailedAndHealthyNeedTheirRunsInARow() =>
        Gen.Select(Gen.Bool.Array[1, 60], Gen.Int[1, 4], Gen.Int[1, 4]).Sample((probes, failures, successes) =>
        {
            var tracker = new VerdictTracker(failures, successes);
            var before = tracker.Verdict;
            for (var index = 0; index < probes.Length; index++)
            {
                var now = tracker.Add(probes[index]);
                if (now == Verdict.Failed && before != Verdict.Failed)
                {
                    Assert.True(probes[..(index + 1)].Reverse().Take(failures).All(probe => !probe));
                }

                if (now == Verdict.Healthy && before != Verdict.Healthy)
                {
                    Assert.True(probes[..(index + 1)].Reverse().Take(successes).All(probe => probe));
                }

                before = now;
            }
        });
}
