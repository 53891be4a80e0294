using Continuity.Contracts.Routing;
using Continuity.Gateway.Admission;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Gateway.Tests.Admission;

public sealed class AdmissionQueueTests
{
    private const int Limit = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly AdmissionQueue _queue = new(new Clock(new FakeTimeProvider()));

    [Fact]
    public void Request_WithAFreePlace_GoesAtOnce()
    {
        Assert.Equal(default, _queue.Enter(Limit, 10, Claim("a"), Patience));
    }

    [Fact]
    public void Tenants_TakeTurns_HoweverManyTheyAre()
    {
        Occupy();
        var greedy = Enumerable.Range(0, 5).Select(_ => Wait("greedy")).ToArray();
        var modest = Wait("modest");

        _queue.Leave(Limit, tokens: 1000);
        _queue.Leave(Limit, tokens: 1000);

        Assert.True(modest.Outcome.IsCompletedSuccessfully);
        Assert.Equal(1, greedy.Count(ticket => ticket.Outcome.IsCompleted));
    }

    [Fact]
    public void Tokens_AndNotRequests_AreWhatIsShared()
    {
        Occupy();
        var large = Enumerable.Range(0, 3).Select(_ => Wait("large", tokens: 4000)).ToArray();
        var small = Enumerable.Range(0, 12).Select(_ => Wait("small", tokens: 1000)).ToArray();

        for (var i = 0; i < 10; i++)
        {
            _queue.Leave(Limit, tokens: 1000);
        }

        Assert.Equal(2, large.Count(ticket => ticket.Outcome.IsCompleted));
        Assert.Equal(8, small.Count(ticket => ticket.Outcome.IsCompleted));
    }

    [Fact]
    public void Critical_GoesBeforeThoseWhoCameEarlier()
    {
        Occupy();
        var batch = Wait("a", Criticality.Sheddable);
        var usual = Wait("a");
        var critical = Wait("a", Criticality.Critical);

        _queue.Leave(Limit, tokens: 1000);

        Assert.True(critical.Outcome.IsCompleted);
        Assert.False(usual.Outcome.IsCompleted);
        Assert.False(batch.Outcome.IsCompleted);
    }

    [Fact]
    public async Task FullLine_ShedsTheLeastCriticalForAMoreCritical()
    {
        Occupy();
        var batch = Wait("a", Criticality.Sheddable, queueLength: 1);
        var critical = Wait("b", Criticality.Critical, queueLength: 1);

        Assert.False(await batch.Outcome);
        Assert.Equal(Refusal.Full, _queue.Enter(Limit, 1, Claim("c"), Patience).Refusal);
        Assert.True(critical.IsWaiting);
    }

    [Fact]
    public void WhoGivesUp_LeavesTheLine()
    {
        Occupy();
        var first = Wait("a");
        var second = Wait("a");

        Assert.True(_queue.TryGiveUp(first));
        _queue.Leave(Limit, tokens: 1000);

        Assert.True(second.Outcome.IsCompleted);
        Assert.False(_queue.TryGiveUp(second));
        Assert.Equal((1, 0), (_queue.Running, _queue.Waiting));
    }

    private static Claim Claim(string tenant, Criticality criticality = Criticality.Standard, long tokens = 1000) =>
        new(tenant, criticality, Weight: 100, tokens);

    private void Occupy() => Assert.Equal(default, _queue.Enter(Limit, 10, Claim("first"), Patience));

    private Ticket Wait(
        string tenant, Criticality criticality = Criticality.Standard, int queueLength = 100, long tokens = 1000)
    {
        var entry = _queue.Enter(Limit, queueLength, Claim(tenant, criticality, tokens), Patience);
        return entry.Ticket ?? throw new InvalidOperationException($"It is not in line: {entry}.");
    }
}
