using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Routing;

/// <summary>
/// Follows the control plane by long polls; starts from the last-known-good file, and lives on it while the Api is
/// away.
/// </summary>
internal sealed partial class ApiRoutingSource(
    RoutingState routing, LastKnownGood store, RoutingApiClient client, IOptions<RoutingOptions> options,
    RoutingMetrics metrics, ILogger<ApiRoutingSource> logger) : BackgroundService
{
    private readonly RoutingOptions _options = options.Value;
    private readonly TimeProvider _time = TimeProvider.System;
    private bool _reachable = true;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (store.Load() is { } snapshot)
        {
            routing.Apply(snapshot, "last-known-good");
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // From 0, and not from the file's version: a restored database may count from lower.
        var after = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                after = await PollAsync(after, stoppingToken);
                continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException
                or JsonException or IOException)
            {
                metrics.PollFailed();
                if (_reachable)
                {
                    _reachable = false;
                    LogUnreachable(exception.Message);
                }
            }

            await Task.Delay(_options.RetryDelay, _time, stoppingToken).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long> PollAsync(long after, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Wait + TimeSpan.FromSeconds(5), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"api/v1/routing?after={after}&wait={(int)_options.Wait.TotalSeconds}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            Answered();
            routing.Confirm();
            return after;
        }

        response.EnsureSuccessStatusCode();
        var stream = await response.Content.ReadAsStreamAsync(both.Token);
        var snapshot = await JsonSerializer.DeserializeAsync(stream, RoutingJson.Snapshot, both.Token)
            ?? throw new JsonException("The Api answered null instead of a snapshot.");
        Answered();
        if (routing.Apply(snapshot, "api").IsApplied)
        {
            store.Save(snapshot);
        }

        return snapshot.Version;
    }

    private void Answered()
    {
        if (!_reachable)
        {
            _reachable = true;
            LogReachable();
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "The Api can't be asked for routing: {Reason} The snapshot in force stays.")]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(1202, LogLevel.Information, "The Api answers again.")]
    private partial void LogReachable();
}
