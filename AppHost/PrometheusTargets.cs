using System.Text.Json;

namespace Continuity.AppHost;

/// <summary>
/// Keeps Prometheus's target files equal to the replicas that run. Files are replaced by rename, so that Prometheus
/// never reads half of one.
/// </summary>
internal sealed class PrometheusTargets : IDisposable
{
    private readonly StackSettings _settings;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, Target> _targets = new(StringComparer.Ordinal);
    private readonly Task _following;

    private PrometheusTargets(ResourceNotificationService notifications, StackSettings settings)
    {
        _settings = settings;
        _following = FollowAsync(notifications);
    }

    public static PrometheusTargets Follow(ResourceNotificationService notifications, StackSettings settings) =>
        new(notifications, settings);

    public void Dispose()
    {
        _stopping.Cancel();
        _following.ContinueWith(_ => _stopping.Dispose(), TaskScheduler.Default);
    }

    private static string? Site(string resource) =>
        StackSettings.Sites.FirstOrDefault(site => resource.Split('-').Contains(site, StringComparer.Ordinal));

    private static string FileOf(string resource) => resource switch
    {
        "prometheus" => "monitoring",
        "alertmanager" => "alertmanager",
        _ when resource.StartsWith("model-", StringComparison.Ordinal) => "models",
        _ => "services",
    };

    private async Task FollowAsync(ResourceNotificationService notifications)
    {
        await foreach (var change in notifications.WatchAsync(_stopping.Token))
        {
            if (Read(change) is { } target)
            {
                _targets[change.ResourceId] = target;
            }
            else if (!_targets.Remove(change.ResourceId))
            {
                continue;
            }

            TryWrite();
        }
    }

    // A replica that stopped by itself stays a target: that it does not answer is what the alert is about.
    private Target? Read(ResourceEvent change)
    {
        var name = change.Resource.Name;
        var endpoint = FileOf(name) == "services" ? "management" : "http";
        // Each replica has its own address where the host tells it; the shared one reaches any of them.
        var url = change.Snapshot.Urls
            .Where(own => own.Name == endpoint)
            .OrderBy(own => !own.IsInternal)
            .FirstOrDefault();
        return url is null || change.Snapshot.State?.Text is "NotStarted" or "Waiting" or "Finished"
            ? null
            : new Target(name, $"{_settings.HostOfServices}:{new Uri(url.Url).Port}");
    }

    // Without targets Prometheus sees nothing, but the stack itself is none the worse.
    private void TryWrite()
    {
        try
        {
            Write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Prometheus's targets cannot be written: {exception.Message}");
        }
    }

    private void Write()
    {
        foreach (var file in (string[])["services", "models", "monitoring", "alertmanager"])
        {
            var groups = _targets.Values.Where(target => FileOf(target.Resource) == file).Select(target => new
            {
                targets = (string[])[target.Address],
                labels = new { resource = target.Resource, site = Site(target.Resource) ?? "" },
            });
            var path = Path.Combine(_settings.TargetsFolder, $"{file}.json");
            File.WriteAllText($"{path}.new", JsonSerializer.Serialize(groups));
            File.Move($"{path}.new", path, overwrite: true);
        }
    }

    private readonly record struct Target(string Resource, string Address);
}
