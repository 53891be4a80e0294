using Continuity.Contracts.Routing;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Capabilities;

/// <summary>
/// Asks each replica of an unnamed kind what it can do, when it is first seen and when it comes back after it was down:
/// another version may have started in its place.
/// </summary>
internal sealed partial class CapabilityProber(
    RoutingState routing, ContinuationProbe probe, Clock clock, ILogger<CapabilityProber> logger) : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private readonly Dictionary<Replica, Inquiry> _inquiries = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Step, clock.Time);
        try
        {
            do
            {
                StartDue(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void StartDue(CancellationToken stoppingToken)
    {
        foreach (var pool in routing.Current?.Services ?? [])
        {
            foreach (var replica in pool.Replicas)
            {
                if (replica.Route is { Continuation: ContinuationSupport.Auto, Engine: EngineKind.OpenAi })
                {
                    Start(pool, replica, stoppingToken);
                }
            }
        }

        Forget();
    }

    private void Start(ServicePool pool, Replica replica, CancellationToken stoppingToken)
    {
        if (!_inquiries.TryGetValue(replica, out var inquiry))
        {
            _inquiries[replica] = inquiry = new Inquiry { Wait = FirstWait };
        }

        if (replica.Health.ProbedDown)
        {
            inquiry.IsAnswered = false;
            inquiry.DueAt = 0;
            return;
        }

        if (!inquiry.IsAnswered && clock.Now >= inquiry.DueAt && inquiry.Running.IsCompleted)
        {
            inquiry.Running = AskAsync(pool, replica, inquiry, stoppingToken);
        }
    }

    private async Task AskAsync(ServicePool pool, Replica replica, Inquiry inquiry, CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(Patience, clock.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
        var found = await probe.AskAsync(pool, replica, both.Token);
        if (found is { } support)
        {
            (inquiry.IsAnswered, inquiry.Wait) = (true, FirstWait);
            replica.FoundContinuation = support;
            LogFound(replica.Id, pool.Name, support);
            return;
        }

        inquiry.DueAt = clock.After(inquiry.Wait);
        inquiry.Wait = inquiry.Wait * 2 < LongestWait ? inquiry.Wait * 2 : LongestWait;
    }

    private void Forget()
    {
        var held = (routing.Current?.Services ?? []).Sum(pool => pool.Replicas.Length);
        if (_inquiries.Count > held)
        {
            var replicas = routing.Current!.Services.SelectMany(pool => pool.Replicas).ToHashSet(); // Some were held.
            foreach (var gone in _inquiries.Keys.Where(replica => !replicas.Contains(replica)).ToArray())
            {
                _inquiries.Remove(gone);
            }
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Streams of replica {Replica} of {Service} can be taken up: {Support}")]
    private partial void LogFound(string replica, string service, ContinuationSupport support);

    private sealed class Inquiry
    {
        public bool IsAnswered { get; set; }

        public long DueAt { get; set; }

        public TimeSpan Wait { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
