using Continuity.Testing;
using Continuity.Workers.Fencing;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Tests.Fencing;

public sealed class FolderFenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Guard_NewestToken_RunsTheChange()
    {
        var fence = Raise("set", 3);
        var ran = false;

        fence.Guard(() => ran = true, default);

        Assert.True(ran);
    }

    [Fact]
    public void Guard_AfterALargerTokenWasSeen_RefusesTheSmallerOne()
    {
        var old = Raise("set", 3);
        Raise("set", 4);
        var ran = false;

        var refusal = Assert.Throws<StaleFencingTokenException>(() => old.Guard(() => ran = true, default));

        Assert.False(ran);
        Assert.Equal((3, 4), (refusal.Token, refusal.Current));
        Assert.Throws<StaleFencingTokenException>(() => Raise("set", 3));
    }

    [Fact]
    public void Guard_TokensOfDifferentSets_DoNotMeet()
    {
        var small = Raise("first", 1);
        Raise("second", 100);

        small.Guard(() => { }, default);
    }

    [Fact]
    public void Raise_FenceIsNoNumber_SaysWhichFile()
    {
        Raise("set", 1);
        var file = _folder.Combine(".continuity", "fence.set");
        File.WriteAllText(file, "not a number");

        var failure = Assert.Throws<JobFailureException>(() => Raise("set", 2));

        Assert.Equal(FailureCodes.FenceCorrupt, failure.Code);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guard_WhileAnotherIsInside_WaitsForIt()
    {
        var first = Raise("set", 1);
        var second = Raise("set", 2);
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var holding = BlockingWork.RunAsync(() =>
        {
            second.Guard(
                () =>
                {
                    inside.Set();
                    leave.Wait();
                },
                default);
            return true;
        });
        inside.Wait(TestContext.Current.CancellationToken);
        var waiting = BlockingWork.RunAsync(() =>
        {
            first.Guard(() => { }, default);
            return true;
        });

        Assert.False(waiting.IsCompleted);
        leave.Set();
        await holding;
        await Assert.ThrowsAsync<StaleFencingTokenException>(() => waiting);
    }

    public void Dispose() => _folder.Dispose();

    private FolderFence Raise(string set, long token) =>
        FolderFence.Raise(_folder.Path, new FencingToken(set, token), TimeProvider.System, default);
}
