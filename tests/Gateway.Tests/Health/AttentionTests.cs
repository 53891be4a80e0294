using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Continuity.Gateway.Tests.Backends;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Gateway.Tests.Health;

/// <summary>A gateway that is behind with reading doesn't hold what it has not read against anyone.</summary>
public sealed class AttentionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();
    private readonly Clock _clock;
    private readonly Attention _attention;

    public AttentionTests()
    {
        _clock = new Clock(_time);
        _attention = new Attention(_clock);
    }

    public void Dispose() => _attention.Dispose();

    [Fact]
    public async Task Bytes_ThatCameOut_ProveAttentionUpToTheirSending()
    {
        await HearAsync();
        var sent = _clock.Now;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var (soon, heard) = (_attention.IsBehind(_clock.Now), _attention.HeardUntil(_clock.Now));
        _time.Advance(TimeSpan.FromSeconds(3));
        var late = _attention.IsBehind(_clock.Now);
        await HearAsync();

        Assert.Equal((false, sent), (soon, heard));
        Assert.True(late);
        Assert.False(_attention.IsBehind(_clock.Now));
    }

    [Fact]
    public async Task Standstill_WithoutEnd_IsNoExcuse()
    {
        await HearAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(_clock.Now - _clock.Ticks(TimeSpan.FromSeconds(10)), _attention.HeardUntil(_clock.Now));
    }

    [Theory]
    [InlineData("TimedOut", "Good")]
    [InlineData("Refused", "Ejected")]
    public async Task Failure_SeenByAGatewayThatIsBehind_CountsIfItIsNoMatterOfTime(string outcome, string expected)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        var pool = gateway.Routing.Current!.Services[0]; // It serves: there is a table.
        var health = new HealthKeeper(_attention, _clock, NullLogger<HealthKeeper>.Instance);
        await HearAsync();
        _time.Advance(TimeSpan.FromSeconds(3));

        for (var i = 0; i < pool.Route.Health.Failures; i++)
        {
            health.Failed(pool, pool.Replicas[0], new Failure(Enum.Parse<Outcome>(outcome), "It failed."));
        }

        Assert.Equal(expected, pool.Replicas[0].Health.Standing.ToString());
    }

    private async Task HearAsync()
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        do
        {
            _attention.Send();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
        while (_attention.HeardUntil(_clock.Now) != _clock.Now);
    }
}
