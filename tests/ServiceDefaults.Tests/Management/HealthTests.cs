using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Continuity.ServiceDefaults.Tests.Management;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_SomethingIsAway_IsUnreadyAndStillAliveOnBothPorts()
    {
        await using var service = await ServiceHarness.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("dependency", () => HealthCheckResult.Unhealthy("It is away.")));

        foreach (var client in new[] { service.Public, service.Management })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);
        }
    }

    [Theory]
    [InlineData("no port")]
    [InlineData("0")]
    [InlineData("70000")]
    public void ManagementPort_ThatIsNone_IsRefusedWithASentence(string port)
    {
        var builder = WebApplication.CreateSlimBuilder(["--Management:Port", port]);

        var failure = Assert.Throws<InvalidOperationException>(() => builder.AddServiceDefaults());

        Assert.Contains("Management:Port", failure.Message, StringComparison.Ordinal);
    }
}
