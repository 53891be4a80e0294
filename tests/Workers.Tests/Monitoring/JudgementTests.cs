using Continuity.Contracts.Routing;
using Continuity.Workers.Monitoring;

namespace Continuity.Workers.Tests.Monitoring;

public sealed class JudgementTests
{
    [Fact]
    public void Decide_HalfFailed_BelievesItself()
    {
        var decided = Judgement.Decide(
            Seen(Verdict.Failed, Verdict.Failed, Verdict.Healthy, Verdict.Healthy), _ => false);

        Assert.Equal(Verdict.Failed, decided["0"]);
        Assert.Equal(Verdict.Healthy, decided["2"]);
    }

    [Fact]
    public void Decide_MoreThanHalfFailedAndNobodyAgrees_SuspectsItself()
    {
        var decided = Judgement.Decide(
            Seen(Verdict.Failed, Verdict.Failed, Verdict.Failed, Verdict.Healthy), _ => false);

        Assert.All(["0", "1", "2"], replica => Assert.Equal(Verdict.Suspect, decided[replica]));
        Assert.Equal(Verdict.Healthy, decided["3"]);
    }

    [Fact]
    public void Decide_MoreThanHalfFailedAndAnotherAgreesOnOne_FailsThatOne()
    {
        var decided = Judgement.Decide(
            Seen(Verdict.Failed, Verdict.Failed, Verdict.Failed, Verdict.Healthy), replica => replica == "1");

        Assert.Equal((Verdict.Suspect, Verdict.Failed), (decided["0"], decided["1"]));
    }

    [Fact]
    public void Decide_TheOnlyReplicaFailed_IsBelieved() =>
        Assert.Equal(Verdict.Failed, Judgement.Decide(Seen(Verdict.Failed), _ => false)["0"]);

    private static Dictionary<string, Verdict> Seen(params Verdict[] verdicts) =>
        verdicts.Select((verdict, index) => (verdict, index))
            .ToDictionary(pair => $"{pair.index}", pair => pair.verdict, StringComparer.Ordinal);
}
