using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests;

/// <summary>Memory is given back once per crowd, and never for the usual coming and going.</summary>
public sealed class HeapTrimmerTests
{
    [Theory]
    [InlineData(2000, 400, true)]
    [InlineData(2000, 1500, false)]
    [InlineData(300, 0, false)]
    public async Task Crowd_ThatHasGone_IsNoticedOnce(int came, int stayed, bool expected)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        var replica = gateway.Routing.Current!.Services[0].Replicas[0]; // It serves: there is a table.
        using var trimmer = new HeapTrimmer(gateway.Routing, new Clock(TimeProvider.System));
        Repeat(came, () => replica.Begin(1));
        var before = trimmer.Look();
        Repeat(came - stayed, () => replica.End(1));

        bool[] looks = [before, trimmer.Look(), trimmer.Look()];
        Repeat(stayed, () => replica.End(1));

        Assert.Equal([false, expected, false], looks);
    }

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
        {
            action();
        }
    }
}
