using Continuity.Contracts.Routing;
using Continuity.Gateway.Admission;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Gateway.Tests.Admission;

/// <summary>Who can't have a turn in time is told so at once, and nobody else.</summary>
public sealed class ExpectedWaitTests
{
    private const int Places = 2;
    private const int Measured = 20;
    private const long Tokens = 1000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionQueue _queue;

    public ExpectedWaitTests() => _queue = new AdmissionQueue(new Clock(_time));

    [Fact]
    public void UnknownPace_RefusesNobody()
    {
        Fill(waiting: 100);
        End(9);

        Assert.NotNull(Enter("a", TimeSpan.FromMilliseconds(1)).Ticket);
    }

    [Fact]
    public void Deadline_BeforeItsTurn_IsRefusedAndToldTheWait()
    {
        Measure(waiting: 50);

        var refused = Enter("a", 10 * Second);
        var patient = Enter("a", 51 * Second);

        Assert.Equal(Refusal.TooLong, refused.Refusal);
        Assert.Equal(50, refused.Wait!.Value.TotalSeconds, tolerance: 0.01); // It is known when refused for it.
        Assert.NotNull(patient.Ticket);
    }

    [Fact]
    public void Doubt_IsForTheRequest()
    {
        Measure(waiting: 50);

        Assert.NotNull(Enter("a", 41 * Second).Ticket);
        Assert.Null(Enter("a", 39 * Second).Ticket);
    }

    [Fact]
    public void MoreCritical_IsNotRefusedForTheLineOfOthers()
    {
        Measure(waiting: 50);

        Assert.NotNull(Enter("a", Second, Criticality.Critical).Ticket);
        Assert.Equal(Refusal.TooLong, Enter("a", 10 * Second, Criticality.Sheddable).Refusal);
    }

    [Fact]
    public void OtherTenant_IsNotRefusedForAGreedyOnesLine()
    {
        Measure(waiting: 50);

        Assert.NotNull(Enter("b", 2 * Second).Ticket);
        Assert.Null(Enter("a", 2 * Second).Ticket);
    }

    [Fact]
    public void MorePlaces_ShortenTheWait()
    {
        Measure(waiting: 50);

        var entry = _queue.Enter(20 * Places, 1000, Claim("a", Criticality.Standard), 10 * Second);

        Assert.NotNull(entry.Ticket);
    }

    [Fact]
    public void Waiting_BecomesTooLong_WhenMoreCriticalOnesCome()
    {
        Measure(waiting: 5);
        var ticket = Enter("a", 10 * Second).Ticket!; // The one before has shown that it may wait.
        var before = _queue.ExpectedWait(ticket, Places);
        for (var i = 0; i < 30; i++)
        {
            Enter("b", 100 * Second, Criticality.Critical);
        }

        Assert.False(AdmissionQueue.IsTooLong(before, 10 * Second));
        Assert.True(AdmissionQueue.IsTooLong(_queue.ExpectedWait(ticket, Places), 10 * Second));
    }

    [Fact]
    public void FasterPace_CountsAtOnce_AndASlowerOneSlowly()
    {
        Fill(waiting: 500);
        End(Measured);
        var slow = Enter("a", Second).Wait;
        End(Measured, every: TimeSpan.FromMilliseconds(100));
        var fast = Enter("a", Second).Wait;
        End(2, every: 2 * Second);
        var slower = Enter("a", Second).Wait;

        Assert.True(fast < slow / 2, $"{slow}, then {fast}");
        Assert.True(slower < slow, $"{fast}, then {slower}");
    }

    [Fact]
    public void Pace_OfAnEarlierRush_IsForgotten()
    {
        Fill(waiting: Measured);
        End(Measured + Places);
        _time.Advance(TimeSpan.FromMinutes(2));
        Fill(waiting: 50);

        Assert.NotNull(Enter("a", TimeSpan.FromMilliseconds(1)).Ticket);
    }

    // So many are left in a line whose pace is known.
    private void Measure(int waiting)
    {
        Fill(waiting + Measured);
        End(Measured);
    }

    // Two run, the others wait.
    private void Fill(int waiting)
    {
        for (var i = 0; i < Places + waiting; i++)
        {
            Enter("a", TimeSpan.FromDays(1));
        }
    }

    private void End(int count, TimeSpan? every = null)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(every ?? Second);
            _queue.Leave(Places, Tokens);
        }
    }

    private Entry Enter(string tenant, TimeSpan patience, Criticality criticality = Criticality.Standard) =>
        _queue.Enter(Places, 1000, Claim(tenant, criticality), patience);

    private static Claim Claim(string tenant, Criticality criticality) =>
        new(tenant, criticality, Weight: 100, Tokens);
}
