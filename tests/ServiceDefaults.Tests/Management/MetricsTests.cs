using System.Diagnostics.Metrics;
using System.Net;

namespace Continuity.ServiceDefaults.Tests.Management;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_OfOurMeters_HaveTheirDocumentedNames()
    {
        await using var service = await ServiceHarness.StartAsync();
        using var meter = new Meter("Continuity.Example");
        var labels = new KeyValuePair<string, object?>("site", "east");
        meter.CreateCounter<long>("continuity.example.rounds_failed", "{round}").Add(3, labels);
        meter.CreateCounter<long>("continuity.example.written", "By").Add(10);
        meter.CreateHistogram<double>("continuity.example.round.duration", "s").Record(0.3);
        meter.CreateObservableGauge("continuity.example.lag", () => 2.5, "s");
        meter.CreateObservableGauge("continuity.example.dedup_ratio", () => 0.5, "1");
        meter.CreateUpDownCounter<long>("continuity.example.in_flight", "{request}").Add(2);

        var text = await service.Management.GetStringAsync("/metrics");

        var lines = text.Split('\n');
        Assert.Contains("continuity_example_rounds_failed_total{site=\"east\"} 3", lines);
        Assert.Contains("continuity_example_written_bytes_total 10", lines);
        Assert.Contains("continuity_example_round_duration_seconds_bucket{le=\"0.25\"} 0", lines);
        Assert.Contains("continuity_example_round_duration_seconds_bucket{le=\"0.5\"} 1", lines);
        Assert.Contains("continuity_example_lag_seconds 2.5", lines);
        Assert.Contains("continuity_example_dedup_ratio 0.5", lines);
        Assert.Contains("continuity_example_in_flight 2", lines);
    }

    [Fact]
    public async Task Metrics_OnThePublicPort_AreNotServed()
    {
        await using var service = await ServiceHarness.StartAsync();

        var response = await service.Public.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_OnThePublicPortWithTheManagementHost_AreNotServed()
    {
        await using var service = await ServiceHarness.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Host = service.Management.BaseAddress!.Authority;

        var response = await service.Public.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
