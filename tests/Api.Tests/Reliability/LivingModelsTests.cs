using Continuity.Api.Reliability;
using Continuity.ControlPlane.Topology;
using Continuity.Reliability.Living;

namespace Continuity.Api.Tests.Reliability;

public sealed class LivingModelsTests
{
    private readonly LivingModels _models = new(new PlatformAssumptions(), TimeProvider.System);

    [Fact]
    public void TakeFirst_WhereThereIsNone_TakesIt()
    {
        var first = _models.TakeFirst(Snapshot("1"), TestContext.Current.CancellationToken);

        Assert.Equal("1", first.Version);
        Assert.Same(first, _models.Current);
    }

    /// <summary>Who asks first reads the platform; meanwhile the worker may have read it again.</summary>
    [Fact]
    public void TakeFirst_WhereANewerModelHasCome_LeavesIt()
    {
        var older = Snapshot("1");
        _models.Take(Snapshot("2"), TestContext.Current.CancellationToken);

        var answering = _models.TakeFirst(older, TestContext.Current.CancellationToken);

        Assert.Equal("2", answering.Version);
        Assert.Same(answering, _models.Current);
    }

    private static PlatformSnapshot Snapshot(string version) => new(version, [], [], [], []);
}
