using Continuity.Gateway.Tests.Backends;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Gateway.Tests;

/// <summary>Memory is given back when few requests run and there is enough of it, and seldom.</summary>
public sealed class HeapTrimmerTests
{
    private const long Large = 1L << 40;

    [Theory]
    [InlineData(2000, 400, Large, true)]
    [InlineData(2000, 1500, Large, false)]
    [InlineData(300, 0, Large, true)]
    [InlineData(2000, 0, 1000, false)]
    public async Task Memory_IsGivenBack_WhenACrowdHasGoneAndLeftSome(int came, int stayed, long heap, bool expected)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        var replica = gateway.Routing.Current!.Services[0].Replicas[0]; // It serves: there is a table.
        var time = new FakeTimeProvider();
        using var trimmer = new HeapTrimmer(gateway.Routing, new Clock(time));
        Repeat(came, () => replica.Begin(1));
        var before = trimmer.Look(heap);
        Repeat(came - stayed, () => replica.End(1));

        bool[] looks = [before, trimmer.Look(heap), trimmer.Look(heap)];
        time.Advance(TimeSpan.FromMinutes(1));
        var later = trimmer.Look(heap);
        Repeat(stayed, () => replica.End(1));

        Assert.Equal([false, expected, false], looks);
        Assert.Equal(expected && stayed <= 100, later);
    }

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
        {
            action();
        }
    }
}
