using System.Diagnostics.Metrics;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Admission;
using Continuity.Gateway.Authentication;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;
using Continuity.Gateway.Tests.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Gateway.Tests.Admission;

public sealed class AdmissionControlTests : IDisposable
{
    private const int Tokens = 1000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QueueTimeout = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<string> _reasons = [];
    private readonly Clock _clock;
    private readonly RoutingTable _table;
    private readonly AdmissionControl _admission;
    private readonly AdmissionQueue _queue;

    public AdmissionControlTests()
    {
        _clock = new Clock(_time);
        var meters = _services.GetRequiredService<IMeterFactory>();
        _admission = new AdmissionControl(new AdmissionMetrics(meters), _clock);
        var snapshot = TestGateway.Snapshot();
        _table = RoutingTable.Build(
            snapshot with
            {
                Services =
                [
                    snapshot.Services[0] with
                    {
                        Replicas = [TestGateway.Replica("r", new Uri("http://127.0.0.1:1"))],
                        Admission = new AdmissionSettings
                        {
                            MaxConcurrencyPerReplica = 1, Adaptive = false, QueueTimeout = QueueTimeout,
                        },
                    },
                ],
            },
            before: null,
            _clock);
        _queue = _table.Services[0].State.Queue;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "continuity.gateway.queue.refused")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _reasons.Add($"{tags[1].Value}"));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task HopelessRequest_IsRefusedAtOnce_AndToldWhenToComeAgain()
    {
        LineUp(waiting: 30);

        var refusal = await _admission.EnterAsync(Request(deadline: 10 * Second));

        Assert.Equal((429, "overloaded"), (refusal?.Status, refusal?.Code));
        Assert.Equal(20, refusal!.RetryAfter!.Value.TotalSeconds, tolerance: 0.5); // Refused: it says when.
        Assert.Equal(["too-long"], _reasons);
        Assert.Equal(30, _queue.Waiting);
    }

    [Fact]
    public async Task WaitingRequest_WhoseTurnMovesAway_IsRefusedAtTheNextLook()
    {
        LineUp(waiting: 5);
        var waiting = _admission.EnterAsync(Request(deadline: 20 * Second)).AsTask();
        for (var i = 0; i < 60; i++)
        {
            _queue.Enter(1, 1000, new Claim("b", Criticality.Critical, 100, Tokens), TimeSpan.FromDays(1));
        }

        _time.Advance(5 * Second);

        Assert.Equal("overloaded", (await waiting)?.Code);
        Assert.Equal(["too-long"], _reasons);
    }

    [Fact]
    public async Task PatientRequest_WaitsUntilItsTimeIsOver()
    {
        LineUp(waiting: 5);
        var waiting = _admission.EnterAsync(Request(deadline: 20 * Second)).AsTask();
        while (!waiting.IsCompleted)
        {
            _time.Advance(Second);
            await Task.Yield();
        }

        Assert.Equal("overloaded", (await waiting)?.Code);
        Assert.Equal(["timed-out"], _reasons);
    }

    [Fact]
    public async Task PatientRequest_IsLetIn()
    {
        LineUp(waiting: 5);
        var waiting = _admission.EnterAsync(Request(deadline: 20 * Second)).AsTask();
        for (var i = 0; i < 6; i++)
        {
            _queue.Leave(1, Tokens);
        }

        Assert.Null(await waiting);
        Assert.Empty(_reasons);
    }

    // As many wait as told, and the pace is known: one a second.
    private void LineUp(int waiting)
    {
        const int Measured = 20;
        for (var i = 0; i < 1 + Measured + waiting; i++)
        {
            _queue.Enter(1, 1000, new Claim("default", Criticality.Standard, 100, Tokens), TimeSpan.FromDays(1));
        }

        for (var i = 0; i < Measured; i++)
        {
            _time.Advance(Second);
            _queue.Leave(1, Tokens);
        }
    }

    private Exchange Request(TimeSpan deadline)
    {
        var model = _table.FindModel("chat")!; // The snapshot has it.
        var exchange = new Exchange(new DefaultHttpContext(), Operation.ChatCompletions)
        {
            RequestId = "1",
            StartedAt = _clock.Now,
            Deadline = _clock.After(deadline),
            Model = model,
            Facts = RequestFacts.OfPath(model, 4 * Tokens),
        };
        exchange.Identify(new Caller(_table.Snapshot.Keys[0]), _table);
        return exchange;
    }
}
