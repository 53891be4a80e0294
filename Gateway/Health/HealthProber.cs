using System.Text;
using System.Text.Json;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Health;

/// <summary>
/// Asks every replica's health page at its service's interval, and ejected ones for a token before they return.
/// </summary>
internal sealed class HealthProber(
    RoutingState routing, UpstreamClient client, HealthKeeper health, Attention attention, Clock clock)
    : BackgroundService
{
    private static readonly TimeSpan LeastStep = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ShortStep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongStep = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<Replica, Schedule> _schedules = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(NextStep(), clock.Time, stoppingToken);
                StartDue(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    // As seldom as the intervals allow: each look costs a thread's waking, also while nothing is due. A probe that is
    // overdue is looked after more often, and a new snapshot's replicas wait for no more than the long step.
    private TimeSpan NextStep()
    {
        var now = clock.Now;
        var next = now + clock.Ticks(LongStep);
        foreach (var schedule in _schedules.Values)
        {
            next = Math.Min(next, schedule.DueAt);
        }

        return next <= now ? ShortStep : clock.Span(Math.Max(next - now, clock.Ticks(LeastStep)));
    }

    private void StartDue(CancellationToken stoppingToken)
    {
        var table = routing.Current;
        if (table is null)
        {
            return;
        }

        var now = clock.Now;
        foreach (var pool in table.Services)
        {
            var settings = pool.Route.Health;
            if (settings.Interval <= TimeSpan.Zero)
            {
                continue;
            }

            foreach (var replica in pool.Replicas)
            {
                if (!_schedules.TryGetValue(replica, out var schedule))
                {
                    _schedules[replica] = schedule = new Schedule();
                }

                // A probe that hangs delays its replica's next one and nobody else's.
                if (now >= schedule.DueAt && schedule.Running.IsCompleted)
                {
                    schedule.DueAt = now + clock.Ticks(settings.Interval);
                    schedule.Running = ProbeAsync(pool, replica, stoppingToken);
                }
            }
        }

        Forget(table);
    }

    private void Forget(RoutingTable table)
    {
        if (_schedules.Count > table.Services.Sum(pool => pool.Replicas.Length))
        {
            var held = table.Services.SelectMany(pool => pool.Replicas).ToHashSet();
            foreach (var replica in _schedules.Keys.Where(replica => !held.Contains(replica)).ToArray())
            {
                _schedules.Remove(replica);
            }
        }
    }

    private async Task ProbeAsync(ServicePool pool, Replica replica, CancellationToken stoppingToken)
    {
        var settings = pool.Route.Health;
        var started = clock.Now;
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Route.Address, settings.Path));
        var answer = await AskAsync(replica, message, settings.Timeout, stoppingToken);
        if (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        if (WasStarved(started, settings.Timeout) || (answer.TookTooLong && attention.IsBehind(clock.Now)))
        {
            return;
        }

        health.Probed(pool, replica, answer.Healthy, $"{settings.Path}: {answer.Reason}");
        if (answer.Healthy && replica.Health.NeedsCanary(clock.Now))
        {
            using var canary = CreateCanary(pool, replica);
            answer = await AskAsync(replica, canary, pool.Route.FirstByteTimeout, stoppingToken);
            if (!stoppingToken.IsCancellationRequested)
            {
                health.CanaryEnded(pool, replica, answer with { Reason = $"Canary: {answer.Reason}" });
            }
        }
    }

    private async Task<ProbeAnswer> AskAsync(
        Replica replica, HttpRequestMessage message, TimeSpan timeout, CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
        try
        {
            using var response = await client.SendAsync(replica, message, both.Token);
            await response.Content.CopyToAsync(Stream.Null, both.Token);

            var status = (int)response.StatusCode;
            return new ProbeAnswer(status < 400 || IsRefusalOfTheLiving(status), $"It answered {status}.");
        }
        catch (OperationCanceledException)
        {
            return new ProbeAnswer(false, $"No answer in {timeout.TotalMilliseconds:F0} ms.") { TookTooLong = true };
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            return new ProbeAnswer(false, exception.InnerException?.Message ?? exception.Message);
        }
    }

    // Whoever says that it has no such page, or can't do what the canary asks, proves that it lives.
    private static bool IsRefusalOfTheLiving(int status) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity => true,
        StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => true,
        StatusCodes.Status501NotImplemented => true,
        _ => false,
    };

    // A timeout that was noticed long after its time says that this process stood still, and nothing about the replica.
    private bool WasStarved(long started, TimeSpan timeout) =>
        clock.Span(clock.Now - started) > timeout + TimeSpan.FromMilliseconds(200);

    private static HttpRequestMessage CreateCanary(ServicePool pool, Replica replica)
    {
        var model = replica.Route.UpstreamModel ?? pool.Name;
        var body = JsonSerializer.Serialize(new { model, prompt = "ping", max_tokens = 1 });
        return new HttpRequestMessage(HttpMethod.Post, new Uri(replica.Route.Address, "/v1/completions"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
    }

    private sealed class Schedule
    {
        public long DueAt { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
