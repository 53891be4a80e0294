using Continuity.Gateway.Authentication;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Continuity.Gateway.Routing;
using Continuity.Gateway.Tests.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Gateway.Tests.Health;

/// <summary>Which silence is held against a replica, look by look.</summary>
public sealed class CallWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(25);
    private static readonly DefaultHttpContext Context = new();

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Clock _clock;
    private readonly Attention _attention;
    private readonly RoutingState _routing;
    private readonly CallWatch _watch;

    public CallWatchTests()
    {
        _clock = new Clock(_time);
        _attention = new Attention(_clock);
        _routing = new RoutingState(
            Options.Create(new RoutingOptions()),
            _clock,
            new RoutingMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
            NullLogger<RoutingState>.Instance);
        _routing.Apply(ModelFleet.Snapshot(new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2")), "test");
        var health = new HealthKeeper(_attention, _clock, NullLogger<HealthKeeper>.Instance);
        _watch = new CallWatch(_routing, health, _attention, _clock);
        foreach (var replica in Replicas)
        {
            UpstreamCall.Start(replica, Request(), _clock.After(TimeSpan.FromHours(1)));
            replica.Rhythm.StreamStarted(_clock.Now);
        }
    }

    private Replica[] Replicas => [.. _routing.Current!.Services[0].Replicas]; // It has just been applied.

    private IEnumerable<Standing> Standings => Replicas.Select(replica => replica.Health.Standing);

    public void Dispose()
    {
        _watch.Dispose();
        _attention.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task SilenceOfOne_WhileTheOtherSpeaks_IsSuspected()
    {
        await LookAsync(100, speaking: [0, 1]);

        await LookAsync(200, speaking: [0]);

        Assert.Equal([Standing.Good, Standing.Ejected], Standings);
    }

    [Fact]
    public async Task SilenceOfAll_ThatEndsForOneBeforeTheOther_IsSuspectedOfNone()
    {
        await LookAsync(100, speaking: [0, 1]);
        await LookAsync(200, speaking: []);

        await LookAsync(1, speaking: [0]);
        await LookAsync(100, speaking: [0, 1]);

        Assert.Equal([Standing.Good, Standing.Good], Standings);
    }

    // A look at each beat, after those that speak have been heard.
    private async Task LookAsync(int beats, int[] speaking)
    {
        for (var beat = 0; beat < beats; beat++)
        {
            _time.Advance(Beat);
            await HearAsync();
            foreach (var index in speaking)
            {
                Replicas[index].Rhythm.Arrived(_clock.Now);
            }

            _watch.Look();
        }
    }

    private async Task HearAsync()
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        do
        {
            _attention.Send();
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, deadline.Token);
        }
        while (_attention.HeardUntil(_clock.Now) != _clock.Now);
    }

    private Exchange Request()
    {
        var table = _routing.Current!; // It has just been applied.
        var model = table.FindModel("chat")!; // The snapshot has it.
        var exchange = new Exchange(Context, Operation.ChatCompletions)
        {
            RequestId = "1",
            StartedAt = _clock.Now,
            Deadline = _clock.After(TimeSpan.FromHours(1)),
            Model = model,
            Facts = RequestFacts.OfPath(model, 100),
        };
        exchange.Identify(new Caller(table.Snapshot.Keys[0]), table);
        return exchange;
    }
}
