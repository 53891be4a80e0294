using System.Globalization;
using Continuity.Gateway.Balancing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Health;

/// <summary>Reads queue depth and cache use from the engines' own metrics, where a service names their path.</summary>
internal sealed class LoadScraper(RoutingState routing, UpstreamClient client, Clock clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(800);

    /// <summary>Takes the values out of Prometheus text; those that aren't there stay as they were.</summary>
    public static void Read(string text, EngineLoad load)
    {
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            if (TryValue(line, "vllm:num_requests_waiting", out var value)
                || TryValue(line, "sglang:num_queue_reqs", out value)
                || TryValue(line, "tgi_queue_size", out value)
                || TryValue(line, "llamacpp:requests_deferred", out value))
            {
                load.Waiting = value;
            }
            else if (TryValue(line, "vllm:kv_cache_usage_perc", out value)
                || TryValue(line, "vllm:gpu_cache_usage_perc", out value)
                || TryValue(line, "sglang:token_usage", out value)
                || TryValue(line, "llamacpp:kv_cache_usage_ratio", out value))
            {
                load.CacheUse = value;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var scrapes =
                    from pool in routing.Current?.Services ?? []
                    where pool.Route.Health.LoadPath is not null
                    from replica in pool.Replicas
                    select ScrapeAsync(replica, pool.Route.Health.LoadPath!, stoppingToken); // Checked a line above.
                await Task.WhenAll(scrapes);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task ScrapeAsync(Replica replica, string path, CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, clock.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Route.Address, path));
            using var response = await client.SendAsync(replica, message, both.Token);
            if (response.IsSuccessStatusCode)
            {
                Read(await response.Content.ReadAsStringAsync(both.Token), replica.Load);
            }
        }
        catch (Exception exception) when (FailureReader.IsExpected(exception))
        {
            // Old numbers are worse than none: without any, the gateway's own counts decide.
            replica.Load.Waiting = replica.Load.CacheUse = 0;
        }
    }

    private static bool TryValue(ReadOnlySpan<char> line, string name, out double value)
    {
        value = 0;
        if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length <= name.Length
            || (line[name.Length] != ' ' && line[name.Length] != '{'))
        {
            return false;
        }

        var at = line.LastIndexOf(' ');
        return double.TryParse(
            line[(at + 1)..].TrimEnd('\r'), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }
}
