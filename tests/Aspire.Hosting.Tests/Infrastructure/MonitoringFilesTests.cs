using Aspire.Hosting.Infrastructure;
using Continuity.Testing;

namespace Continuity.Aspire.Hosting.Tests.Infrastructure;

/// <summary>What is deployed beside the services is read by the programs that will read it.</summary>
public sealed class MonitoringFilesTests
{
    [Theory]
    [InlineData("promtool", "check config deploy/prometheus/prometheus.yml")]
    [InlineData("promtool", "test rules deploy/prometheus/availability.test.yml")]
    [InlineData("amtool", "check-config deploy/alertmanager/alertmanager.yml")]
    public async Task Files_AreValid(string program, string arguments)
    {
        Assert.SkipWhen(
            ExecutablePath.Find(program) is null,
            $"{program} is not installed: apt-get install prometheus prometheus-alertmanager");
        var words = arguments.Split(' ').Select(word =>
            word.StartsWith("deploy/", StringComparison.Ordinal) ? Path.Combine(RepositoryLayout.Root, word) : word);

        var result = await Shell.RunAsync(program, words, environment: null, CancellationToken.None);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }
}
