using System.Text.Json;
using System.Text.RegularExpressions;
using Continuity.Testing;

namespace Continuity.Gateway.Tests.Documents;

/// <summary>The dashboard asks only for what the gateway is documented to measure.</summary>
public sealed partial class DashboardTests
{
    [Fact]
    public void Dashboard_QueriesOnlyDocumentedMetrics()
    {
        var documented = File.ReadAllText(Path.Combine(RepositoryLayout.Root, "docs", "metrics.md"));
        using var dashboard = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(RepositoryLayout.Root, "deploy", "grafana", "gateway.json")));

        var asked = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .SelectMany(target => MetricNames().Matches(target.GetProperty("expr").GetString() ?? ""))
            .Select(match => match.Value.Replace("_bucket", "", StringComparison.Ordinal))
            .Distinct()
            .ToArray();

        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains($"`{name}`", documented, StringComparison.Ordinal));
    }

    [GeneratedRegex("continuity_[a-z_]+")]
    private static partial Regex MetricNames();
}
